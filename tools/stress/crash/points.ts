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
import { type Point, pointOf, tested, throughPlugin, withHiddenComments } from "./point.js";
import { type Setting } from "./scene.js";

/** What differs, and how it is called. */
type Variant = Partial<Setting> & { readonly name: string; readonly markerOnly?: boolean };

/** A run that is cut off; `posts` is how many POSTs it takes in all. */
function cut(
    operation: Setting["operation"],
    moment: Moment,
    interruption: Interruption,
    posts = 1,
    variant?: Variant,
): Point {
    const { setting } = moment;
    const { name: differs, ...different }: Partial<Variant> = variant ?? {};
    return pointOf(
        [moment.name, differs ?? []].flat().join("; "),
        interruption.name,
        async (scene) => {
            const { up, held } = await moment.come(scene);
            await interruption.strike(up);
            const ends = scene.setting.door === "plugin" && moment.endsInPlugin?.includes(interruption);
            await moment.goOn(scene, held, ends ? { ...interruption, hostLives: false } : interruption);
            await up.done;
        },
        posts,
        {
            ...setting,
            ...different,
            policy: { ...setting?.policy, ...different.policy },
            operation,
            answerSaved: interruption.engineLives,
        },
    );
}

const creates: readonly Point[] = [
    cut("create", beforeRead, allKilled),
    cut("create", duringRead, cliKilled),
    cut("create", duringRead, allKilled),
    cut("create", duringRead, hostKilled),
    cut("create", duringRead, interrupted),
    cut("create", afterRead, allKilled),
    cut("create", committedLater, cliKilled),
    cut("create", committedLater, allKilled),
    cut("create", committedLater, hostKilled),
    cut("create", committedLater, interrupted),
    cut("create", committedLater, interruptedTwice),
    cut("create", neverCommitted, cliKilled, 2),
    cut("create", neverCommitted, allKilled, 2),
    tested(cut("create", afterCommit, allKilled), "hidden"),
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
    cut("update", afterCommit, interruptedTwice),
    cut("update", afterCommit, hostKilled),
    cut("update", duringDownload, interrupted),
    cut("update", duringDownload, allKilled),
    cut("update", whilePolling, allKilled),
    cut("update", awaitingApproval, allKilled),
    cut("update", awaitingApproval, interrupted),
    cut("update", beforeSave, cliKilled),
];

const skipped: Variant = { name: "skipApproval, so no marker is shown", args: "skipApproval: true," };
const sameKey: Variant = { name: "only triggers changed", change: "triggers", markerOnly: true };
const odd: Variant = {
    name: "DigiCert adds a name and takes another hash",
    policy: { addsNames: ["www.shop.example"], reportedHash: "sha384" },
};

const variants: readonly Point[] = [
    cut("update", afterCommit, allKilled, 1, sameKey),
    cut("create", afterCommit, allKilled, 1, skipped),
    cut("update", afterCommit, allKilled, 1, skipped),
    cut("update", afterCommit, allKilled, 1, {
        ...skipped,
        ...sameKey,
        markerOnly: false,
        name: `${skipped.name}, ${sameKey.name}`,
    }),
    cut("create", committedLater, cliKilled, 1, odd),
    cut("update", afterCommit, allKilled, 1, odd),
];

const cuts: readonly Point[] = [...creates, ...updates, ...variants, ...faults];

/**
 * An orphan is the host of a dynamic resource, which the plugin does not have. And the gate needs a program whose provider the
 * engine makes without a step of its own.
 */
const cutsInPlugin = cuts.filter(({ setting }) => setting.program === undefined).map(throughPlugin);

/** One reading of comments; each point is played in both. */
const shown: readonly Point[] = [...cuts, ...orphans, ...cutsInPlugin];

export const points: readonly Point[] = [
    ...shown,
    ...shown.filter(({ onlyShown }) => onlyShown !== true).map(withHiddenComments),
];

/** Those that `npm test` plays. */
export const testedPoints = points.filter(
    ({ comments, testedWith, setting }) => comments === testedWith && setting.door === undefined,
);
