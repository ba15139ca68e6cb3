/** Plays one story: disturbed `up`s, actions of people in between, and then an undisturbed `up`. */
import { csrPem, keyPair } from "../../../test/fixtures/csr.js";
import { inProcess, type Run, type StackDriver } from "../stack.js";
import { type Simulator, startSimulator } from "../../../simulator/index.js";
import {
    type Done,
    holdAfter,
    holdForeign,
    holdInTheEnd,
    holdKeySecret,
    holdQuiet,
    type Invariants,
} from "./invariants.js";
import { type Elsewhere, Network, Plan } from "./network.js";
import type { Act, Story } from "./story.js";

/** The API key; a constant, because stories that echo it need it beforehand. */
export const API_KEY = "CA9A7F".repeat(12);
const START = Date.UTC(2027, 0, 15, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CSRS = { first: csrPem(keyPair("P-256")), second: csrPem(keyPair("P-384")) };
const BACKOFF = { unavailableMs: 500, rateLimitMs: 5000 };
/** Failures that are allowed for an undisturbed `up`. */
const BY_CONTRACT = /ERR_DIGICERT_PENDING|knows no reissue/;
const MOST_CLEAN_UPS = 4;

type Props = Readonly<Record<string, unknown>>;

/** The result of a story. */
export interface Played {
    readonly struck: readonly string[];
    readonly ups: number;
    readonly requests: number;
}

/** A stack, its order, and the network between them. */
class Scene {
    readonly network: Network;
    readonly stack: StackDriver;
    ups = 0;

    constructor(
        readonly simulator: Simulator,
        readonly orderId: number,
        readonly story: Story,
        readonly invariants: Invariants,
    ) {
        this.network = new Network(simulator);
        const { dispatcher } = this.network;
        this.stack = inProcess(simulator, { dispatcher, backoff: BACKOFF, skewMs: story.skewMs });
    }

    async up(program: Props): Promise<Run> {
        this.ups++;
        let run: Run | undefined;
        await this.#watched(async () => {
            run = await this.stack.up({ ...program });
            return linesOf(run);
        });
        if (!run) throw new Error("there was no run");
        return run;
    }

    refresh(): Promise<void> {
        return this.#watched(async () => linesOf(await this.stack.refresh()));
    }

    /** The approver approves all pending requests. */
    async approve(): Promise<void> {
        for (const { requestId, type, status } of this.simulator.order(this.orderId).requests) {
            if (type === "reissue" && (status === "pending" || status === "submitted"))
                await this.simulator.approve(requestId);
        }
    }

    ids(): Set<number> {
        const { certificates } = this.simulator.order(this.orderId);
        return new Set(certificates.map(({ certificateId }) => certificateId));
    }

    async #watched(step: () => Promise<readonly string[]>): Promise<void> {
        const { simulator, orderId, network, stack } = this;
        const seen = {
            now: simulator.now().getTime(),
            requests: simulator.requests.length,
            posts: simulator.reissuePosts(orderId),
            committed: simulator.committedReissues(orderId),
        };
        network.given = undefined;
        const said = await step();
        const done: Done = {
            said,
            posts: simulator.reissuePosts(orderId) - seen.posts,
            requests: simulator.requests.length - seen.requests,
            tookMs: simulator.now().getTime() - seen.now,
            committed: simulator.committedReissues(orderId) - seen.committed,
            given: network.given,
        };
        holdAfter(this.invariants, done, stack.resource()?.outputs);
        holdKeySecret(this.invariants, API_KEY, stack.resource(), said);
    }
}

/** All printed lines. */
function linesOf({ text }: Run): string[] {
    return text.split("\n").filter((line) => line !== "");
}

/** Plays a story; throws a `Violation` if an invariant does not hold. */
export async function play(story: Story, invariants: Invariants, elsewhere: Elsewhere): Promise<Played> {
    const simulator = await startSimulator({ apiKey: API_KEY, clock: () => new Date(START) });
    const seed = { commonName: "shop.example", policy: { approval: "auto" } } as const;
    const { orderId } = await simulator.seedOrder(seed);
    const scene = new Scene(simulator, orderId, story, invariants);
    try {
        const program = await prepare(scene);
        const before = scene.ids();
        await disturbedUps(scene, program);
        await cleanUps(scene, program);
        const expected = expectedReissues(scene, before);
        holdForeign(invariants, simulator.order(orderId));
        holdInTheEnd(invariants, simulator, scene.stack.state, { orderId, before, expected });
        holdQuiet(invariants, await scene.up(program));
        invariants.hold("nothing goes elsewhere", elsewhere.visits === 0, () => elsewhere.visits);
        return {
            struck: scene.network.struck,
            ups: scene.ups,
            requests: simulator.requests.length,
        };
    } finally {
        await scene.network.close();
        await simulator.close();
    }
}

/** Prepares the stack for the story; returns the inputs of the program. */
async function prepare(scene: Scene): Promise<Props> {
    const { story, orderId, simulator } = scene;
    const wanting = (key: keyof typeof CSRS, more: Props = {}): Props => ({
        orderId,
        certificate: { commonName: "shop.example", csr: CSRS[key] },
        ...story.args,
        ...more,
    });
    if (story.change !== "create") await scene.up(wanting("first"));
    if (story.change === "mind" || story.change === "back") {
        simulator.policy(orderId, { approval: "required" });
        const pending = { triggers: { v: "2" }, skipApproval: false, waitForApproval: false };
        await scene.up(wanting(story.change === "back" ? "second" : "first", pending));
    }
    if (story.colleague !== "none") {
        await simulator.reissueInConsole(
            orderId,
            story.colleague === "pending" ? { pending: "approval" } : {},
        );
    }
    simulator.policy(orderId, story.world.policy);
    switch (story.change) {
        case "due":
            simulator.advance(175 * DAY);
            return wanting("first");
        case "create":
        case "back":
            return wanting("first");
        case "key":
        case "mind":
            return wanting("second");
        case "triggers":
            return wanting("first", { triggers: { v: "2" } });
        case "name":
            return wanting("first", {
                certificate: { commonName: "shop.example", dnsNames: ["pay.example"], csr: CSRS.first },
            });
    }
}

async function disturbedUps(scene: Scene, program: Props): Promise<void> {
    const { story, network } = scene;
    network.disturb(new Plan(story.plan, story.posts));
    for (const act of story.acts) {
        await scene.up(program);
        await carryOut(act, scene);
    }
    network.calm();
}

async function carryOut(act: Act, scene: Scene): Promise<void> {
    if (act === "approve") await scene.approve();
    if (act === "hour") scene.simulator.advance(HOUR);
    if (act === "refresh") await scene.refresh();
}

/** Approves and validates, and runs `up` until it succeeds. */
async function cleanUps(scene: Scene, program: Props): Promise<void> {
    const { invariants, stack, simulator } = scene;
    for (let ups = 1; ; ups++) {
        await scene.approve();
        simulator.advance(2 * HOUR);
        const { failure = "" } = await scene.up(program);
        if (failure === "" && stack.state.status === "issued") return;
        invariants.hold(
            "an undisturbed up fails by contract only",
            failure === "" || BY_CONTRACT.test(failure),
            () => failure,
        );
        invariants.hold("few ups are enough", ups < MOST_CLEAN_UPS, () => failure || stack.state.status);
    }
}

/** The expected number of reissues: one, or none for a return to the last certificate whose pending successor was not issued. */
function expectedReissues({ story, simulator, orderId }: Scene, before: ReadonlySet<number>): number {
    if (story.change !== "back") return 1;
    const pending = Math.max(...before);
    const { certificates } = simulator.order(orderId);
    return certificates.find(({ certificateId }) => certificateId === pending)?.dateIssued ? 1 : 0;
}
