/** What the contract promises whatever DigiCert is like: short histories, each with its outcome. */
import assert from "node:assert/strict";
import type { Props, Run } from "../../../test/drivers/driver.js";
import { inProcess } from "../../../test/drivers/inProcess.js";
import { Stage } from "../../../test/drivers/stage.js";
import type { World } from "../../../simulator/worlds.js";

/** A history, told in a sentence. */
export interface Play {
    readonly title: string;
    readonly play: (stage: Stage) => Promise<void>;
}

/** The longest lag of a world is 300 s; what lags longer than `settleSeconds` nobody can know (DESIGN.md). */
const CONFIG = { "digicert:settleSeconds": "400" };
const MOST_UPS = 6;
/** An `up` that did not finish says that it will go on, or that it asks again. */
const GOES_ON =
    /ERR_DIGICERT_(PENDING|AMBIGUOUS|UNAVAILABLE|CERTIFICATE|TIMEOUT|RATE_LIMIT)|knows no reissue/;
const HOUR = 3_600_000;

const v = (stage: Stage, value: string, more: Props = {}) => stage.shop({ triggers: { v: value }, ...more });
const up = (stage: Stage, args: Props): Promise<Run> => stage.stack.up(args, { config: CONFIG });

/** People do their part: what waits for an approver is approved, and what waits for a validation validated. */
async function peopleDoTheirPart(stage: Stage): Promise<void> {
    const { simulator, orderId } = stage;
    for (const { requestId, type, status } of stage.live.requests) {
        if (type === "reissue" && (status === "pending" || status === "submitted")) {
            await simulator.approve(requestId);
        }
    }
    if (stage.live.certificates.some(({ status }) => status === "pending")) await simulator.issue(orderId);
    simulator.advance(2 * HOUR);
}

/** Runs `up` until it has succeeded with an issued certificate; each one fails only with words that say how it goes on. */
async function upUntilIssued(stage: Stage, args: Props): Promise<void> {
    for (let ups = 1; ; ups++) {
        const { failure } = await up(stage, args);
        if (failure === undefined && stage.state.status === "issued") break;
        assert.match(failure ?? "ERR_DIGICERT_PENDING", GOES_ON);
        assert.ok(ups < MOST_UPS, `after ${ups} ups: ${failure ?? stage.state.status}`);
        await peopleDoTheirPart(stage);
    }
    assert.equal(
        stage.state.certificateId,
        stage.live.current.certificateId,
        "the state has the current certificate",
    );
    assert.equal(stage.state.serialNumber, stage.live.current.serialNumber, "its serial number is told");
}

/** After the end there is nothing to do, and a refresh finds nothing. */
async function assertQuiet(stage: Stage, args: Props): Promise<void> {
    const refreshed = await stage.stack.refresh({ config: CONFIG });
    assert.deepEqual([refreshed.failure, refreshed.did], [undefined, "nothing"], "a refresh finds nothing");
    const { did, requests } = await up(stage, args);
    assert.deepEqual([did, requests], ["nothing", []], "then there is nothing to do");
}

/** One more was made, and is issued. */
async function assertOneMore(stage: Stage, args: Props): Promise<void> {
    const before = stage.reissues.length;
    await upUntilIssued(stage, args);
    assert.equal(stage.reissues.length, before + 1, "one reissue was made");
    await assertQuiet(stage, args);
}

const updates: Readonly<Record<string, (stage: Stage) => Props>> = {
    "another key": (stage) => stage.rotated({ allowPendingOutputs: true }),
    "a trigger": (stage) => v(stage, "2"),
    "a further name": (stage) => stage.shop({ certificate: { dnsNames: ["pay.shop.example"] } }),
};

const lost: Readonly<Record<string, (stage: Stage) => void>> = {
    "whose answer was lost": (stage) => {
        stage.faultPost({ kind: "lost-answer" });
    },
    "that never arrived": (stage) => {
        stage.faultPost({ kind: "dropped" });
    },
};

/** Every play; each holds in each world. */
export const plays: readonly Play[] = [
    {
        title: "a new resource makes one reissue",
        play: (stage) => assertOneMore(stage, stage.shop()),
    },
    ...Object.entries(updates).map(([what, argsOf]) => ({
        title: `${what} makes one reissue`,
        play: async (stage: Stage) => {
            await upUntilIssued(stage, stage.shop());
            await assertOneMore(stage, argsOf(stage));
        },
    })),
    {
        title: "a certificate that is due is reissued once",
        play: async (stage) => {
            await upUntilIssued(stage, stage.shop());
            stage.advanceDays(175);
            await assertOneMore(stage, stage.shop());
        },
    },
    ...Object.entries(lost).map(([what, lose]) => ({
        title: `a POST ${what} makes one reissue`,
        play: async (stage: Stage) => {
            await upUntilIssued(stage, stage.shop());
            lose(stage);
            await assertOneMore(stage, stage.rotated({ allowPendingOutputs: true }));
        },
    })),
    {
        title: "a run for another key that was killed after its POST is taken up, not repeated",
        play: async (stage) => {
            await upUntilIssued(stage, stage.shop());
            const saved = stage.recorded;
            const before = stage.reissues.length;
            const args = stage.rotated({ allowPendingOutputs: true });
            await up(stage, args);
            stage.simulator.advance(400_000);
            await stage.stack.restore(saved);
            await upUntilIssued(stage, args);
            assert.equal(stage.reissues.length, before + 1, "one reissue was made");
            await assertQuiet(stage, args);
        },
    },
    {
        title: "a return to what was last issued cancels what is pending, and makes none",
        play: async (stage) => {
            await upUntilIssued(stage, stage.shop());
            const saved = stage.state.certificateId;
            const before = stage.reissues.length;
            await up(stage, v(stage, "2", { issuanceTimeoutSeconds: 0 }));
            const isIssued = stage.reissues.at(-1)?.status !== "pending";
            await upUntilIssued(stage, stage.shop());
            // What was issued before it could be cancelled is a change of what the program wants: that takes another one.
            assert.equal(stage.reissues.length, before + (isIssued ? 2 : 1));
            if (!isIssued) assert.equal(stage.state.certificateId, saved);
            await assertQuiet(stage, stage.shop());
        },
    },
    {
        title: "a colleague's pending reissue is left alone",
        play: async (stage) => {
            await upUntilIssued(stage, stage.shop());
            await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
            const colleagues = stage.latest.certificateId;
            await up(stage, v(stage, "2"));
            const status = () =>
                stage.live.certificates.find(({ certificateId }) => certificateId === colleagues)?.status;
            assert.equal(status(), "pending", "it is not cancelled");
            assert.equal(stage.reissues.length, 1, "nothing is requested beside it");
            await stage.stack.destroy({ config: CONFIG });
            assert.equal(status(), "pending", "it is not cancelled by a destroy");
        },
    },
    {
        title: "a destroy with revoke revokes the certificate of the resource, and no other",
        play: async (stage) => {
            await upUntilIssued(stage, stage.shop({ deletionPolicy: "revoke", skipApproval: true }));
            const own = stage.state.certificateId;
            const env = { DIGICERT_CONFIRM_REVOKE: String(own) };
            const { failure } = await stage.stack.destroy({ config: CONFIG, env });
            assert.equal(failure, undefined);
            const others = stage.live.certificates.filter(({ certificateId }) => certificateId !== own);
            assert.deepEqual(
                others.filter(({ status }) => status === "revoked"),
                [],
            );
        },
    },
];

/** Plays one history in one world; returns what does not hold there. */
export async function playIn(
    { policy = {}, options = {} }: World,
    { play }: Play,
): Promise<string | undefined> {
    const stage = await Stage.open(inProcess, { ...options, policy });
    try {
        await stage.useOrder({ policy });
        await play(stage);
        return undefined;
    } catch (error) {
        return (error as Error).message;
    } finally {
        await stage.close();
    }
}
