/** The contract: stacks that move from one door of the package to the other. */
import assert from "node:assert/strict";
import { inProcess } from "../drivers/inProcess.js";
import { SharedPlugin } from "../drivers/plugin.js";
import { on } from "../drivers/scenario.js";
import { REPEATABLE, SITUATIONS } from "../drivers/situations.js";
import { Stage, type NewStack } from "../drivers/stage.js";
import type { RecordedRequest } from "../../simulator/index.js";

describe("contract: a stack that moves between the doors,", () => {
    const plugin = new SharedPlugin();
    after(() => {
        plugin.close();
    });
    const throughDynamic: NewStack = inProcess;
    const throughPlugin: NewStack = (simulator) => plugin.stack(simulator);
    const routes: Readonly<Record<string, readonly [NewStack, NewStack]>> = {
        "from the dynamic resource to the plugin": [throughDynamic, throughPlugin],
        "from the plugin to the dynamic resource": [throughPlugin, throughDynamic],
    };

    /** Hands the state to a stack of the other door, as an alias does. */
    async function move(stage: Stage, to: NewStack): Promise<void> {
        const { recorded } = stage;
        stage.stack = to(stage.simulator);
        await stage.stack.restore(recorded);
    }

    for (const [route, [from, to]] of Object.entries(routes)) {
        for (const [what, { make, isOpen = false, fails = false }] of Object.entries(SITUATIONS)) {
            const cost = isOpen ? "costs no POST" : "costs no request";
            it(`what ${what} ${cost} ${route} and back`, async () => {
                await on(await Stage.open(from), async (stage) => {
                    const args = await make(stage, {});
                    const { outputs: before } = stage.recorded;
                    const made = stage.live.certificates.length;
                    for (const next of [to, from]) {
                        await move(stage, next);
                        const run = await stage.stack.up(args);
                        assert.equal(run.failure !== undefined, fails, run.text);
                        const notRepeatable = run.changing.filter((one) => !REPEATABLE.includes(one));
                        assert.deepEqual(notRepeatable, []);
                        assert.equal(run.requests.length > 0, isOpen, run.requests.join());
                        if (!fails) assert.equal(run.did, isOpen ? "update" : "nothing");
                        assert.deepEqual(stage.state, before);
                    }
                    assert.equal(stage.live.certificates.length, made);
                });
            });
        }

        it(`a reissue whose answer was lost is found again ${route}, without a POST`, async () => {
            await on(await Stage.open(from), async (stage) => {
                stage.loseNextPost("lost-answer");
                await stage.stack.up(stage.shop());
                assert.equal(stage.state.status, "unknown");
                stage.simulator.clearFaults();
                await move(stage, to);
                const run = await stage.stack.up(stage.shop());
                assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 0, "issued"]);
                assert.equal(stage.reissues.length, 1);
            });
        });

        it(`a reissue of a run that was killed is taken over ${route}, where requests have the same marker`, async () => {
            await on(await Stage.open(from), async (stage) => {
                stage.policy({ approval: "required" });
                const args = stage.shop({ triggers: { v: "1" } });
                const first = await stage.stack.up(args);
                stage.stack = to(stage.simulator);
                const run = await stage.stack.up(args);
                assert.deepEqual([run.did, run.posts, stage.reissues.length], ["create", 0, 1], run.text);

                stage.simulator.cancelReissue(stage.orderId);
                stage.stack = to(stage.simulator);
                const second = await stage.stack.up(args);
                const [one, other] = [first, second].map(({ recorded }) => commentsOf(recorded));
                assert.match(one ?? "", /\[pulumi-digicert [0-9a-f]{16}\]/);
                assert.equal(other, one);
            });
        });
    }
});

function commentsOf(recorded: readonly RecordedRequest[]): string | undefined {
    const post = recorded.find(({ method }) => method === "POST");
    return (post?.body as { comments?: string } | undefined)?.comments;
}
