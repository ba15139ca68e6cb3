/** The commands that the documents show, and who runs each of them. */
import { blocksIn } from "./blocks.js";

/** A line of a `sh` block, or a whole loop; without its comment. */
export interface Command {
    readonly document: string;
    readonly line: number;
    readonly command: string;
}

/** All of them. */
export function commandsIn(blocks = blocksIn("sh")): Command[] {
    return blocks.flatMap(({ document, line, code }) =>
        code
            .replace(/^for .*?^done$/gms, (loop) => loop.replaceAll("\n", "\u0000"))
            .split("\n")
            .map((text, index) => ({
                document,
                line: line + index,
                command: text
                    .replaceAll("\u0000", "\n")
                    .replace(/\s+#\s.*$/, "")
                    .trim(),
            }))
            .filter(({ command }) => command !== ""),
    );
}

/** Runs on its own, without network or CLI: `commands.spec.ts` runs it. */
export const plain = /^(openssl|install -d|mkdir|for) ?/;

/** `newcomer.spec.ts` runs every one of these, on the stack of the README. */
export const setting = /^pulumi config set /;

/** Files that run a command which no spec of this folder runs, or what keeps it from being run. */
export const elsewhere: ReadonlyMap<string, { readonly by: string } | { readonly not: string }> = new Map([
    ["npm ci && npm run demo", { by: "test/demo/main.ts" }],
    ["npm ci && npm test", { by: ".ci/run" }],
    ["npm ci", { by: ".ci/run" }],
    ["npm run bench -- --quick", { by: "test/bench/bench.spec.ts" }],
    ["npm run bench", { not: "takes hours; the spec of --quick runs the smallest sizes of the same work" }],
    ["npm run bench -- --work bd --rounds 1", { by: "test/bench/bench.spec.ts" }],
    ["npm test", { by: "test/examples/testing.spec.ts" }],
    ["npm install pulumi-digicert", { by: "test/engine/installation.ts" }],
    [
        "npm install --save-dev @peculiar/x509 find-my-way reflect-metadata",
        { by: "test/docs/newcomer.spec.ts" },
    ],
    [
        "export DIGICERT_API_KEY=...",
        { not: "the reader's own key; the settings' specs hold the variable's name" },
    ],
    ["npx pulumi-digicert doctor 112233", { by: "test/sdk/cli/doctor.spec.ts" }],
    ["npx pulumi-digicert init 112233 --out index.ts --force", { by: "test/sdk/cli/init.spec.ts" }],
    ["npx pulumi-digicert --help", { by: "test/sdk/cli/help.spec.ts" }],
    ["npx pulumi-digicert doctor 112233 445566", { by: "test/sdk/cli/doctor.spec.ts" }],
    [
        "npx pulumi-digicert doctor 112233 --names shop.example,www.shop.example",
        { by: "test/sdk/cli/doctor.spec.ts" },
    ],
    ["npx pulumi-digicert init 112233 --csr shop.csr --out index.ts", { by: "test/sdk/cli/init.spec.ts" }],
    [
        "pulumi stack export --stack prod | npx pulumi-digicert timeline --out timeline.html",
        { by: "test/journeys/timeline.spec.ts" },
    ],
    [
        "npx pulumi-digicert simulator --port 0 --admin-port 0 --rate-limit",
        { by: "test/sdk/cli/simulator.spec.ts" },
    ],
    ["pulumi stack init dev", { by: "test/docs/newcomer.spec.ts" }],
    ["pulumi stack init prod", { by: "test/examples/pipeline.spec.ts" }],
    ["pulumi up", { by: "test/docs/newcomer.spec.ts" }],
    ["pulumi up --stack prod", { by: "test/examples/pipeline.spec.ts" }],
    ["pulumi cancel --stack prod --yes", { by: "test/kill/scene.ts" }],
    ["gh secret set PULUMI_ACCESS_TOKEN", { not: "needs a repository on GitHub" }],
    ["gh secret set DIGICERT_API_KEY", { not: "needs a repository on GitHub" }],
    ["gh label create certificates", { not: "needs a repository on GitHub" }],
    ["gh workflow run certificates.yml", { not: "needs a repository on GitHub" }],
    ["git add .", { not: "puts the reader's own files under version control" }],
    [
        'git commit -m "Keep the certificate up to date"',
        { not: "puts the reader's own files under version control" },
    ],
    ["git push", { not: "needs a repository on GitHub" }],
]);
