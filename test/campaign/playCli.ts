/** The same with the real CLI, in real time: one stack, and for each story an order and a resource of its own. */
import { newStack, type Stack } from "../engine/stack.js";
import type { ReissueState } from "../../provider/core/reissue/state.js";
import { shopArgs } from "../journeys/program.js";
import { type Simulator, startSimulator } from "../../simulator/index.js";
import { holdAfter, holdInTheEnd, holdKeySecret, type Invariants, STACK_TRACE } from "./invariants.js";
import { Plan } from "./network.js";
import { API_KEY, BY_CONTRACT, CSRS, type Played } from "./play.js";
import type { Story } from "./story.js";
import type { Trouble } from "./troubles.js";

const MOST_CLEAN_UPS = 4;
/** Looks after an unclear POST take six times as long. */
const POLL_SECONDS = "0.2";
const LATEST_COMMIT_MS = 800;
const LATE_ANSWER_MS = 5000;
const NOBODY = "http://127.0.0.1:1/services/v2";

/** Real time is dear: pauses are short, storms are small, slow is slower than the limit for a request. */
function inRealTime(trouble: Trouble): Trouble {
    const { fault } = trouble;
    if (fault === "refused") return trouble;
    if (fault.kind === "rate-limited")
        return { ...trouble, fault: { ...fault, retryAfter: 1 }, times: Math.min(trouble.times ?? 1, 2) };
    if (fault.kind === "delayed-commit")
        return { ...trouble, fault: { ...fault, ms: Math.min(fault.ms, LATEST_COMMIT_MS) } };
    if (fault.kind === "slow-headers" || fault.kind === "slow-body")
        return { ...trouble, fault: { ...fault, ms: Math.min(fault.ms, LATE_ANSWER_MS) } };
    return trouble;
}

/** One stack for all stories that it plays. */
export class CliPlayer {
    readonly #simulator: Simulator;
    readonly #stack: Stack;
    #stories = 0;

    private constructor(simulator: Simulator, stack: Stack) {
        this.#simulator = simulator;
        this.#stack = stack;
    }

    static async open(): Promise<CliPlayer> {
        const simulator = await startSimulator({ apiKey: API_KEY });
        const stack = await newStack({
            program: { files: { "index.js": "" } },
            env: {
                DIGICERT_API_KEY: API_KEY,
                DIGICERT_BASE_URL: simulator.baseUrl,
                DIGICERT_POLL_SECONDS: POLL_SECONDS,
                DIGICERT_REQUEST_TIMEOUT_SECONDS: "2",
            },
        });
        return new CliPlayer(simulator, stack);
    }

    async close(): Promise<void> {
        await this.#stack.dispose();
        await this.#simulator.close();
    }

    /** A new certificate, or another one for the same order; then an `up` that nothing disturbs. */
    async play(story: Story, invariants: Invariants): Promise<Played> {
        const simulator = this.#simulator;
        const { orderId } = await simulator.seedOrder({ policy: { approval: "auto" } });
        const name = `shop${++this.#stories}`;
        const scene = new CliScene(simulator, this.#stack, { orderId, name, invariants });
        const isUpdate = story.change !== "create";
        const isKey = isUpdate && story.change !== "triggers";
        if (isUpdate) await scene.up("first", "");
        const { approval = "auto", includeChain = true, omitFrom201 = [] } = story.policy;
        simulator.policy(orderId, { approval, includeChain, omitFrom201 });
        const before = new Set(
            simulator.order(orderId).certificates.map(({ certificateId }) => certificateId),
        );
        const key = isKey ? "second" : "first";
        const args = `${isUpdate ? 'triggers: { v: "2" },' : ""} issuanceTimeoutSeconds: 5,`;
        const [plan, posts] = [story.plan, story.posts].map((troubles) =>
            troubles.map((trouble) => trouble && inRealTime(trouble)),
        );
        if (plan?.[0]?.fault === "refused") await scene.up(key, args, { DIGICERT_BASE_URL: NOBODY });
        scene.disturb(new Plan(plan ?? [], posts ?? []));
        await scene.up(key, args);
        simulator.clearFaults();
        for (let ups = 1; ; ups++) {
            await scene.approve();
            const output = await scene.up(key, args);
            if (output === undefined && scene.state?.status === "issued") break;
            const isAllowed = output === undefined || BY_CONTRACT.test(output);
            invariants.hold("an undisturbed up fails by contract only", isAllowed, () => output);
            invariants.hold("few ups are enough", ups < MOST_CLEAN_UPS, () => output ?? scene.state?.status);
        }
        holdInTheEnd(invariants, simulator, scene.saved(), { orderId, before, expected: 1 });
        return { struck: scene.struck, ups: scene.ups, requests: scene.requests, isSkewed: false };
    }
}

class CliScene {
    readonly struck: string[] = [];
    ups = 0;
    requests = 0;
    readonly #simulator: Simulator;
    readonly #stack: Stack;
    readonly #of: { orderId: number; name: string; invariants: Invariants };

    constructor(
        simulator: Simulator,
        stack: Stack,
        of: { orderId: number; name: string; invariants: Invariants },
    ) {
        this.#simulator = simulator;
        this.#stack = stack;
        this.#of = of;
    }

    /** The resource's outputs as they are saved. */
    get state(): ReissueState | undefined {
        const { resources = [] } = this.#stack.saved().deployment;
        return resources.find(({ urn }) => urn.endsWith(`::${this.#of.name}`))?.outputs as
            ReissueState | undefined;
    }

    saved(): ReissueState {
        const { state } = this;
        if (!state) throw new Error("the stack has no resource");
        return state;
    }

    disturb(plan: Plan): void {
        this.#simulator.chooseFaults((method) => {
            const trouble = plan.next(method);
            if (!trouble || trouble.fault === "refused") return undefined;
            this.struck.push(trouble.name);
            return trouble.fault;
        });
    }

    async approve(): Promise<void> {
        for (const { requestId, type, status } of this.#simulator.order(this.#of.orderId).requests) {
            if (type === "reissue" && status === "pending") await this.#simulator.approve(requestId);
        }
    }

    /** Runs `up`; what it printed if it failed. */
    async up(
        key: keyof typeof CSRS,
        args: string,
        env: Record<string, string> = {},
    ): Promise<string | undefined> {
        const { orderId, name, invariants } = this.#of;
        const [simulator, stack] = [this.#simulator, this.#stack];
        this.ups++;
        if (env.DIGICERT_BASE_URL !== undefined) this.struck.push("refused");
        stack.write({
            "index.js": `const { DigiCertReissue } = require("pulumi-digicert");
                new DigiCertReissue("${name}", ${shopArgs(orderId, CSRS[key], [], args)});`,
        });
        const seen = {
            requests: simulator.requests.length,
            posts: simulator.reissuePosts(orderId),
            committed: simulator.committedReissues(orderId),
            at: performance.now(),
        };
        const { output, exitCode } = await stack.spawn(["up", "--yes", "--skip-preview"], { env }).done;
        const requests = simulator.requests.length - seen.requests;
        this.requests += requests;
        invariants.hold("no stack trace", !STACK_TRACE.test(output), () => output);
        holdKeySecret(invariants, API_KEY, output, stack.stateText());
        const done = {
            said: [],
            posts: simulator.reissuePosts(orderId) - seen.posts,
            requests,
            tookMs: performance.now() - seen.at,
            committed: simulator.committedReissues(orderId) - seen.committed,
            given: undefined,
        };
        holdAfter(invariants, done, this.state);
        return exitCode === 0 ? undefined : output;
    }
}
