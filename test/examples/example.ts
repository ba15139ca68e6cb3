/** An example of examples/ on a stack of its own, against a simulator. */
import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { repositoryRoot } from "../engine/paths.js";
import { newStack, type RunOptions, type Stack, type StackOptions } from "../engine/stack.js";
import { type Simulator } from "../../simulator/index.js";

/** The example, and its dependencies beside Pulumi's SDK and this package. */
type Example = Omit<StackOptions, "program"> & { name: string; simulator: Simulator; packages?: string[] };

/** Copies an example's own files to a throw-away folder, and makes a stack of it. */
export async function openExample({ name, simulator, packages = [], config, env, ...options }: Example) {
    const stack = await newStack({
        program: join(repositoryRoot, "examples", name),
        ...options,
        config: { "digicert:baseUrl": simulator.baseUrl, ...config },
        env: {
            DIGICERT_API_KEY: simulator.apiKey,
            DIGICERT_POLL_SECONDS: "0.2",
            // The example's types are checked by "npm run typecheck:examples"; here that would only take time.
            PULUMI_NODEJS_TRANSPILE_ONLY: "true",
            ...env,
        },
    });
    for (const wanted of packages) {
        const link = join(stack.program, "node_modules", wanted);
        mkdirSync(dirname(link), { recursive: true });
        symlinkSync(join(repositoryRoot, "node_modules", wanted), link, "dir");
    }
    return stack;
}

/** Runs `pulumi up`; returns its requests to DigiCert. */
export async function runUp(stack: Stack, simulator: Simulator, options?: RunOptions) {
    simulator.clearRequests();
    const result = await stack.up(options);
    const methods = simulator.requests.map(({ method }) => method);
    return { ...result, methods, posts: methods.filter((method) => method === "POST").length };
}
