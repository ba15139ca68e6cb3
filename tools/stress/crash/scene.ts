/** Where one point is played: a simulator with one order, and a stack with one resource for it. */
import { type Child } from "../../../test/engine/child.js";
import { commandLine, type ProcessEntry } from "../../../test/engine/processTree.js";
import { newStack, type Stack } from "../../../test/engine/stack.js";
import { type StateResource } from "../../../test/engine/state.js";
import {
    type Held,
    type HoldRule,
    makeKeyAndCsr,
    type OrderPolicy,
    type Simulator,
    type SimulatorOptions,
    startSimulator,
} from "../../../simulator/index.js";
import { program, shopArgs } from "../../../test/journeys/program.js";
import { nodeFiles } from "../../../test/plugin/programs.js";

/** The certificate as the program wants it: its order, CSR and further arguments. */
export type Program = (orderId: number, csrPem: string, args: string) => Record<string, string>;

/** What a point needs that differs from the plain scene. */
export interface Setting {
    /** `create`: the resource is new. An update has a certificate that was issued undisturbed before. */
    readonly operation: "create" | "update";
    /** What an update changes; default: the key. */
    readonly change?: "key" | "triggers";
    /** How DigiCert behaves towards the order from the interrupted `up` on. */
    readonly policy?: Partial<OrderPolicy>;
    /** What DigiCert does about a second reissue while one is pending. */
    readonly secondReissue?: SimulatorOptions["secondReissue"];
    /** Further arguments of the resource. */
    readonly args?: string;
    readonly program?: Program;
    /** Default: the dynamic resource. */
    readonly door?: "plugin";
}

type Requests = Pick<HoldRule, "method" | "path">;
export const READ: Requests = { method: "GET", path: "/order/certificate/:id" };
export const POST: Requests = { method: "POST", path: "/order/certificate/:id/reissue" };
export const LIST: Requests = { method: "GET", path: "/order/certificate/:id/reissue" };
export const DOWNLOAD: Requests = { method: "GET", path: "/certificate/:id/download/*" };

/** After so many `up`s the point counts as failed. */
const maxUps = 4;
const plain: Program = (orderId, csr, args) => program(shopArgs(orderId, csr, [], args));

/** Made by {@link openScene}. */
export class Scene {
    /** `up`s that were started after the interruption. */
    ups = 0;
    #last: Child | undefined;

    constructor(
        readonly setting: Setting,
        readonly simulator: Simulator,
        readonly stack: Stack,
        readonly orderId: number,
        /** CSR of the certificate that is wanted in the end. */
        readonly csrPem: string,
        /** Reissues and POSTs that were made undisturbed. */
        readonly before: { readonly reissues: number; readonly posts: number },
    ) {}

    /** Starts the `up` that is to be interrupted. */
    start(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Child {
        return this.stack.spawn(["up", "--yes", "--skip-preview", ...args], { env });
    }

    /** Starts the next `up`, as a person would who reads what the CLI says. */
    async again(): Promise<Child> {
        if (this.stack.locks().length > 0) await this.stack.run(["cancel", "--yes"]);
        this.ups += 1;
        this.#last = this.start();
        return this.#last;
    }

    /** Runs `up` until it ends well, approving what waits for it; then clears what a killed engine left in the state. */
    async recover(): Promise<void> {
        while (!(await this.#isSettled())) {
            if (this.ups >= maxUps) {
                throw new Error(
                    `${maxUps} ups were not enough; the last one printed:\n${this.#last?.output ?? ""}`,
                );
            }
            await this.approvePending();
            await (
                await this.again()
            ).done;
        }
        if (this.pendingOperations() > 0) {
            await this.stack.refresh({ args: ["--clear-pending-creates"] });
        }
    }

    /** The approver says yes to what is there. */
    async approvePending(): Promise<void> {
        for (const { requestId, status } of this.simulator.order(this.orderId).requests) {
            if (status === "pending") await this.simulator.approve(requestId);
        }
    }

    /** Stops a request on its way; `nth` counts those that come from now on. */
    hold(requests: Requests, at: HoldRule["at"], nth = 1): Held {
        return this.simulator.hold({ ...requests, at, nth });
    }

    /** Resolves when the next such request has been answered. */
    answered(requests: Requests): Promise<void> {
        const held = this.hold(requests, "answer");
        held.release();
        return held.over;
    }

    /** The resource as it is saved, if it is. */
    resource(): StateResource | undefined {
        return this.stack.saved().deployment.resources?.find(({ urn }) => urn.endsWith("::shop"));
    }

    pendingOperations(): number {
        return this.stack.saved().deployment.pending_operations?.length ?? 0;
    }

    /** The certificates that POSTs since the interrupted `up` have made. */
    reissues() {
        const made = this.simulator.order(this.orderId).certificates.filter(({ origin }) => origin === "api");
        return made.slice(this.before.reissues);
    }

    posts(): number {
        return this.simulator.reissuePosts(this.orderId) - this.before.posts;
    }

    async close(): Promise<void> {
        await this.stack.dispose();
        await this.simulator.close();
    }

    async #isSettled(): Promise<boolean> {
        if (this.#last === undefined) return false;
        const { exitCode } = await this.#last.done;
        return exitCode === 0 && this.resource()?.outputs.status === "issued";
    }
}

/** Resolves when a request has come to where it is held; rejects if the `up` that is to send it ends before. */
export async function reached(held: Held, up: Child): Promise<void> {
    const tooEarly = up.done.then(({ output }) => {
        throw new Error(`the up ended before it came to the point; it printed:\n${output}`);
    });
    await Promise.race([held.there, tooEarly]);
}

/** The process in which the provider runs. */
export function hostOf(up: Child): ProcessEntry {
    const running = (name: string) => up.descendants().filter((entry) => commandLine(entry).includes(name));
    const plugins = running("pulumi-resource-digicert");
    // Through the plugin, a program may have dynamic resources too.
    const found = plugins.length > 0 ? plugins : running("cmd/dynamic-provider");
    const [host] = found;
    if (host === undefined || found.length > 1) throw new Error(`there are ${found.length} provider hosts`);
    return host;
}

/** The same program with the plugin's classes. */
function withPluginClasses({ "index.js": text = "" }: Record<string, string>): Record<string, string> {
    return nodeFiles(
        text
            .replace('require("pulumi-digicert")', 'require("pulumi-digicert/plugin")')
            .replace(/DigiCert(Reissue|Provider)/g, "$1"),
    );
}

/** Sets the scene up to where the interrupted `up` can be started. */
export async function openScene(setting: Setting): Promise<Scene> {
    const { operation, change = "key", args = "", secondReissue = "reject" } = setting;
    const inDynamicResource = setting.program ?? plain;
    const write: Program = (...given) =>
        setting.door === "plugin"
            ? withPluginClasses(inDynamicResource(...given))
            : inDynamicResource(...given);
    const simulator = await startSimulator({ secondReissue, policy: { approval: "auto" } });
    const { orderId } = await simulator.seedOrder({ commonName: "shop.example" });
    const first = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
    const stack = await newStack({
        program: { files: write(orderId, first, args) },
        env: {
            DIGICERT_API_KEY: simulator.apiKey,
            DIGICERT_BASE_URL: simulator.baseUrl,
            DIGICERT_POLL_SECONDS: "0.2",
        },
    }).catch(async (error: unknown) => {
        await simulator.close();
        throw error;
    });
    let wanted = first;
    if (operation === "update") {
        await stack.up();
        if (change === "key") wanted = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
        stack.write(write(orderId, wanted, `${args} triggers: { turn: "2" },`));
    }
    simulator.policy(orderId, setting.policy ?? {});
    const before = {
        reissues: simulator.committedReissues(orderId),
        posts: simulator.reissuePosts(orderId),
    };
    return new Scene(setting, simulator, stack, orderId, wanted, before);
}
