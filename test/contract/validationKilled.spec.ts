/** The contract: a provider that is killed anywhere between the POST and the issued certificate. */
import assert from "node:assert/strict";
import { Agent, type Dispatcher } from "undici";
import { makeKeyAndCsr, startSimulator, type HoldRule, type Simulator } from "../../simulator/index.js";
import { PLAN_END, START } from "../drivers/stage.js";
import { requestName, type Props } from "../drivers/driver.js";
import { ValidatedStack } from "../drivers/validation.js";

/** Connections of a process; once it is killed, nothing leaves it any more, and nothing goes on in it. */
class Process {
    #isDead = false;
    readonly #agent = new Agent();
    readonly dispatcher: Dispatcher = this.#agent.compose((dispatch) => (options, handler) => {
        return this.#isDead || dispatch(options, handler);
    });

    constructor(private readonly simulator: Simulator) {}

    sleep(ms: number): Promise<void> {
        if (this.#isDead) return new Promise(() => undefined);
        this.simulator.advance(ms);
        return Promise.resolve();
    }

    kill(): void {
        this.#isDead = true;
    }

    close(): Promise<void> {
        return this.#agent.destroy();
    }
}

describe("contract: a stack whose provider is killed between the POST and the certificate", () => {
    let simulator: Simulator;
    let orderId: number;
    let csrs: [string, string];
    const processes: Process[] = [];

    before(async () => {
        const make = async () => (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
        csrs = [await make(), await make()];
    });
    beforeEach(async () => {
        simulator = await startSimulator({ clock: () => START });
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            orderValidTill: PLAN_END,
            product: { name_id: "ssl_dv_geotrust", validation_type: "dv" },
            policy: { approval: "none", pollsDcv: false },
        }));
    });
    afterEach(async () => {
        await Promise.all(processes.splice(0).map((one) => one.close()));
        await simulator.close();
    });

    function program(csr: string): Props {
        const certificate = { commonName: "shop.example", csr };
        return {
            orderId,
            certificate,
            dcvMethod: "dns-txt-token",
            skipApproval: true,
            allowPendingOutputs: true,
        };
    }

    /** Kills an `up` at its nth request; the request before the last that was made. */
    async function killAt(
        stack: ValidatedStack,
        own: Process,
        args: Props,
        rule: HoldRule,
    ): Promise<ValidatedStack> {
        const held = simulator.hold(rule);
        const running = stack.up(args);
        running.catch(() => undefined);
        const isHeld = await Promise.race([held.there.then(() => true), running.then(() => false)]);
        assert.ok(isHeld, "the up makes that many requests");
        own.kill();
        const left = await stack.copy();
        if (rule.at === "arrival") held.drop();
        else held.release();
        await held.over;
        return left;
    }

    function newProcess(): Process {
        const own = new Process(simulator);
        processes.push(own);
        return own;
    }

    for (const [what, isUpdate] of [
        ["a new resource", false],
        ["a rotated key", true],
    ] as const) {
        it(`goes on in the next up, without a second POST, wherever that was: ${what}`, async function () {
            this.timeout(120_000);
            const points: string[] = [];
            const [first, second] = csrs;
            const args = program(isUpdate ? second : first);
            const begin = async (own: Process): Promise<ValidatedStack> => {
                const options = { dispatcher: own.dispatcher, sleep: (ms: number) => own.sleep(ms) };
                const stack = new ValidatedStack(simulator, options);
                if (!isUpdate) return stack;
                assert.equal((await stack.up(program(first))).failure, undefined);
                assert.equal((await stack.up(program(first))).failure, undefined);
                return stack;
            };
            const whole = await (await begin(newProcess())).up(args);
            const requests = whole.recorded.map(requestName);
            const post = requests.findIndex((request) => request.startsWith("POST "));
            for (let nth = post + 1; nth <= requests.length; nth += 1) {
                for (const at of ["arrival", "answer"] as const) {
                    // Before the POST has arrived, there is nothing to go on with.
                    if (nth === post + 1 && at === "arrival") continue;
                    await simulator.close();
                    simulator = await startSimulator({ clock: () => START });
                    ({ orderId } = await simulator.seedOrder({
                        id: orderId,
                        commonName: "shop.example",
                        orderValidTill: PLAN_END,
                        product: { name_id: "ssl_dv_geotrust", validation_type: "dv" },
                        policy: { approval: "none", pollsDcv: false },
                    }));
                    const own = newProcess();
                    const stack = await begin(own);
                    const before = simulator.committedReissues(orderId);
                    const left = await killAt(stack, own, args, { at, nth });
                    const after = newProcess();
                    const next = await left.copy({
                        dispatcher: after.dispatcher,
                        sleep: (ms: number) => after.sleep(ms),
                    });
                    const run = await next.up(args);
                    const point = `${requests[nth - 1] ?? ""}, ${at}`;
                    points.push(point);
                    assert.deepEqual(
                        [run.failure, run.posts, simulator.committedReissues(orderId) - before],
                        [undefined, 0, 1],
                        point,
                    );
                    assert.equal(
                        next.handed?.certificateId,
                        simulator.order(orderId).current.certificateId,
                        point,
                    );
                    const quiet = await next.up(args);
                    assert.ok(
                        quiet.requests.every((request) => request.startsWith("GET ")),
                        point,
                    );
                }
            }
            assert.ok(points.length >= 8, points.join("; "));
        });
    }
});
