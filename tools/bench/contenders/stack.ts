/** Contenders that are Pulumi programs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../../test/engine/paths.js";
import { newStack, type RunOptions, type Stack } from "../../../test/engine/stack.js";
import { type StateResource } from "../../../test/engine/state.js";
import { type Contender, type Job, type Prepared, type StateSize } from "./contender.js";

const LIMIT_MS = 3_600_000;

/** The compiled text of a file of programs/. */
export function compiled(name: string): string {
    const path = join(repositoryRoot, "dist", "tools", "bench", "programs", `${name}.js`);
    return readFileSync(path, "utf8").replace(/^\/\/# sourceMappingURL.*$/m, "");
}

/** A contender that makes a stack. */
export interface PulumiContender extends Contender {
    prepare(job: Job): Promise<PreparedStack>;
}

/** A contender whose program is `programs/<program>.ts`. */
export function pulumiProgram(
    about: Pick<Contender, "name" | "abilities">,
    program: string,
    files: () => Readonly<Record<string, string>> = () => ({}),
): PulumiContender {
    return pulumiFiles(about, ({ orders }) => ({
        "index.js": compiled(program),
        "rows.json": JSON.stringify(orders),
        ...files(),
    }));
}

/** A contender whose program is made for each job. */
export function pulumiFiles(
    about: Pick<Contender, "name" | "abilities">,
    files: (job: Job) => Readonly<Record<string, string>>,
): PulumiContender {
    return {
        ...about,
        prepare: async (job) => {
            const stack = await newStack({
                program: { files: files(job) },
                projectName: "bench",
                layout: "installed",
                config: {
                    "digicert:apiKey": { secret: job.server.apiKey },
                    "digicert:baseUrl": job.server.baseUrl,
                },
            });
            return new PreparedStack(stack, job);
        },
    };
}

/** A stack that is ready for `up`. */
export class PreparedStack implements Prepared {
    constructor(
        readonly stack: Stack,
        private readonly job: Job,
    ) {}

    async apply(): Promise<void> {
        await this.stack.up({ ...this.#options() });
    }

    async preview(): Promise<void> {
        await this.stack.preview(this.#options());
    }

    stateSize(): StateSize {
        const resources = this.resources();
        const providerText = (resources[0]?.inputs.__provider as string | undefined)?.length ?? 0;
        const mean = (size: (resource: StateResource) => number) =>
            Math.round(resources.reduce((sum, one) => sum + size(one), 0) / resources.length);
        return { bytes: mean(bytes), withoutPem: mean((one) => bytes(withoutPem(one))), providerText };
    }

    /** The resources in the state, without the stack and the providers. */
    resources(): StateResource[] {
        const all = this.stack.saved().deployment.resources ?? [];
        return all.filter(({ type }) => !type.startsWith("pulumi:"));
    }

    dispose(): Promise<void> {
        return this.stack.dispose();
    }

    #options(): RunOptions {
        const { parallel, env = {} } = this.job;
        return {
            args: ["--suppress-outputs", ...(parallel === undefined ? [] : ["--parallel", String(parallel)])],
            env,
            timeoutMs: LIMIT_MS,
        };
    }
}

function bytes(value: unknown): number {
    return Buffer.byteLength(JSON.stringify(value));
}

/** Replaces PEM texts by empty texts. */
function withoutPem<T>(value: T): T {
    const text = JSON.stringify(value, (_name, member: unknown) =>
        typeof member === "string" && member.startsWith("-----BEGIN ") ? "" : member,
    );
    return JSON.parse(text) as T;
}
