/** Plays one cell: an `up` that issues, an `up` without changes, a `destroy`. */
import { dirname, delimiter } from "node:path";
import { findCli } from "../../../test/engine/lookup.js";
import { newStack, type Stack } from "../../../test/engine/stack.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../../simulator/index.js";
import type { Cell } from "./cell.js";
import { drive, type Done, type Verb } from "./drivers.js";
import { programFor } from "./programs.js";
import { interpreter } from "./runtimes.js";
import { workplaceFor, type Workplace } from "./workplace.js";

/** What came of a cell. */
export interface Played {
    readonly cell: Cell;
    /** Version of `@pulumi/pulumi`. */
    readonly sdk: string;
    readonly seconds: number;
    /** Length of the provider's text in the state; absent in a way that cannot work. */
    readonly recorded?: number;
    /** The sentence of a way that cannot work. */
    readonly refusal?: string;
    readonly problems: readonly string[];
}

/** Plays a cell; what is wrong with it is in the outcome. */
export async function play(cell: Cell): Promise<Played> {
    const start = Date.now();
    let sdk = cell.sdk as string;
    const found = async (): Promise<Partial<Played>> => {
        const workplace = await workplaceFor(cell);
        try {
            sdk = workplace.versionOf("@pulumi/pulumi");
            return await onStage(cell, workplace);
        } finally {
            workplace.dispose();
        }
    };
    const outcome = await found().catch((error: unknown) => ({ problems: [(error as Error).message] }));
    return { cell, sdk, problems: [], ...outcome, seconds: (Date.now() - start) / 1000 };
}

async function onStage(cell: Cell, { program }: Workplace): Promise<Partial<Played>> {
    const simulator = await startSimulator();
    let stack: Stack | undefined;
    try {
        const { csrPem } = await makeKeyAndCsr({ commonName: "shop.example" });
        const { orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            policy: { approval: "auto" },
        });
        const binary = await interpreter(cell.runtime);
        const cli = await findCli();
        stack = await newStack({
            layout: { folder: program },
            program: { files: programFor(cell, { orderId, csrPem }) },
            env: {
                PATH: [dirname(binary), dirname(cli?.bin ?? ""), process.env.PATH ?? ""].join(delimiter),
                DIGICERT_API_KEY: simulator.apiKey,
                DIGICERT_BASE_URL: simulator.baseUrl,
                DIGICERT_POLL_SECONDS: "0.2",
                ...(cell.language === "TypeScript ESM, tsx" ? { NODE_OPTIONS: "--import=tsx" } : {}),
            },
        });
        const act = observed(cell, stack, simulator, binary);
        return cell.refusal === undefined ? await works(act, stack) : await refuses(act, cell.refusal);
    } finally {
        await stack?.dispose();
        await simulator.close();
    }
}

/** An operation, with the requests that DigiCert saw meanwhile. */
type Act = (verb: Verb) => Promise<Done & { requests: string }>;

function observed(cell: Cell, stack: Stack, simulator: Simulator, binary: string): Act {
    return async (verb) => {
        simulator.clearRequests();
        const done = await drive(cell, stack, binary, verb);
        return { ...done, requests: simulator.requests.map(({ method }) => method).join(" ") };
    };
}

async function works(act: Act, stack: Stack): Promise<Partial<Played>> {
    const first = await act("up");
    // How many GETs it takes, the machine's load decides: a read that has become too old is made again.
    if (!first.ok || first.requests.split(" ").filter((method) => method === "POST").length !== 1)
        return wrong("the first up", first);
    const { outputs } =
        (stack.saved().deployment.resources ?? []).find(({ type }) => type.endsWith(":Reissue")) ?? {};
    if (outputs?.status !== "issued") return wrong(`the first up left it ${String(outputs?.status)}`, first);
    const recorded = String(outputs.__provider).length;

    const second = await act("up");
    if (!second.ok || second.changes !== 0 || second.requests !== "")
        return wrong("an up without changes", second);

    const last = await act("destroy");
    if (!last.ok || last.requests !== "") return wrong("destroy", last);
    return { recorded };
}

/** The sentence is to be there, and DigiCert is to have seen nothing. */
async function refuses(act: Act, expected: RegExp): Promise<Partial<Played>> {
    const first = await act("up");
    const refusal = expected.exec(first.output)?.[0];
    return first.ok || first.requests !== "" || refusal === undefined
        ? wrong("what cannot work", first)
        : { refusal };
}

function wrong(
    what: string,
    { ok, changes, requests, output }: Awaited<ReturnType<Act>>,
): { problems: string[] } {
    const how = ok ? `made ${String(changes)} changes` : "failed";
    return { problems: [`${what} ${how}, with the requests [${requests}]. It printed:\n${output}`] };
}
