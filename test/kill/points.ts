/** Every interruption point: the one list that the table and the tests share. */
import { faults } from "./faults.js";
import {
    allKilled,
    cliKilled,
    hostKilled,
    interrupted,
    interruptedTwice,
    type Interruption,
} from "./interruptions.js";
import {
    afterCommit,
    afterRead,
    awaitingApproval,
    beforeRead,
    beforeSave,
    committedLater,
    duringDownload,
    duringRead,
    type Moment,
    neverCommitted,
    whilePolling,
} from "./moments.js";
import { orphans } from "./orphans.js";
import { type Point } from "./point.js";
import { type Setting } from "./scene.js";

/** A point where a run is cut off; `posts` is how many POSTs it takes in all. */
function cut(
    operation: Setting["operation"],
    moment: Moment,
    interruption: Interruption,
    posts = 1,
    variant?: { name: string; setting: Partial<Setting> },
): Point {
    return {
        at: moment.name + (variant === undefined ? "" : `; ${variant.name}`),
        interruption: interruption.name,
        setting: {
            ...moment.setting,
            ...variant?.setting,
            policy: { ...moment.setting?.policy, ...variant?.setting.policy },
            operation,
        },
        expected: { posts, reissues: 1, answerSaved: interruption.engineLives },
        play: async (scene) => {
            const { up, held } = await moment.come(scene);
            await interruption.strike(up);
            await moment.goOn(scene, held, interruption);
            await up.done;
        },
    };
}

const creates: readonly Point[] = [
    cut("create", beforeRead, cliKilled),
    cut("create", beforeRead, allKilled),
    cut("create", duringRead, cliKilled),
    cut("create", duringRead, allKilled),
    cut("create", duringRead, hostKilled),
    cut("create", duringRead, interrupted),
    cut("create", duringRead, interruptedTwice),
    cut("create", afterRead, allKilled),
    cut("create", committedLater, cliKilled),
    cut("create", committedLater, allKilled),
    cut("create", committedLater, hostKilled),
    cut("create", committedLater, interrupted),
    cut("create", committedLater, interruptedTwice),
    cut("create", neverCommitted, cliKilled, 2),
    cut("create", neverCommitted, allKilled, 2),
    cut("create", afterCommit, allKilled),
    cut("create", afterCommit, hostKilled),
    cut("create", duringDownload, cliKilled),
    cut("create", duringDownload, allKilled),
    cut("create", duringDownload, interrupted),
    cut("create", whilePolling, cliKilled),
    cut("create", whilePolling, interruptedTwice),
    cut("create", awaitingApproval, allKilled),
    cut("create", awaitingApproval, interrupted),
    cut("create", beforeSave, cliKilled),
];

const updates: readonly Point[] = [
    cut("update", beforeRead, allKilled),
    cut("update", duringRead, cliKilled),
    cut("update", afterRead, hostKilled),
    cut("update", committedLater, cliKilled),
    cut("update", committedLater, allKilled),
    cut("update", committedLater, interrupted),
    cut("update", neverCommitted, cliKilled, 2),
    cut("update", afterCommit, hostKilled),
    cut("update", afterCommit, interruptedTwice),
    cut("update", duringDownload, allKilled),
    cut("update", whilePolling, allKilled),
    cut("update", awaitingApproval, allKilled),
    cut("update", awaitingApproval, interrupted),
    cut("update", beforeSave, cliKilled),
    cut("update", afterCommit, allKilled, 1, {
        name: "triggers changed, the key did not",
        setting: { change: "triggers" },
    }),
];

const skipped: Partial<Setting> = { args: "skipApproval: true," };
const hidden: Partial<Setting> = { policy: { showComments: false } };
const odd: Partial<Setting> = {
    policy: { addsNames: ["www.shop.example"], reportedHash: "sha384" },
};

const variants: readonly Point[] = [
    cut("create", afterCommit, allKilled, 1, {
        name: "skipApproval, so the marker is not shown",
        setting: skipped,
    }),
    cut("update", afterCommit, allKilled, 1, {
        name: "skipApproval, so the marker is not shown",
        setting: skipped,
    }),
    cut("update", afterCommit, allKilled, 1, {
        name: "skipApproval, so the marker is not shown, only triggers changed",
        setting: { ...skipped, change: "triggers" },
    }),
    cut("create", afterCommit, allKilled, 1, { name: "no comments are shown", setting: hidden }),
    cut("update", afterCommit, allKilled, 1, { name: "no comments are shown", setting: hidden }),
    cut("create", awaitingApproval, allKilled, 1, { name: "no comments are shown", setting: hidden }),
    cut("update", awaitingApproval, allKilled, 1, { name: "no comments are shown", setting: hidden }),
    cut("create", committedLater, cliKilled, 1, {
        name: "DigiCert adds a name and takes another hash",
        setting: odd,
    }),
    cut("update", afterCommit, allKilled, 1, {
        name: "DigiCert adds a name and takes another hash",
        setting: odd,
    }),
];

export const points: readonly Point[] = [...creates, ...updates, ...variants, ...orphans, ...faults];
