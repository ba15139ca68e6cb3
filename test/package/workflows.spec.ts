import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { repositoryRoot } from "../engine/paths.js";

interface Job {
    permissions?: Record<string, string>;
    environment?: string;
    needs?: string;
    steps: { uses?: string; run?: string; with?: Record<string, unknown> }[];
}

interface Workflow {
    on: Record<string, unknown>;
    permissions: Record<string, string>;
    jobs: Record<string, Job>;
}

describe("the workflows of this repository", () => {
    const folder = join(repositoryRoot, ".github", "workflows");
    const workflows = readdirSync(folder).map((file) => {
        const text = readFileSync(join(folder, file), "utf8");
        return { file, text, ...(parse(text) as Workflow) };
    });
    const jobsOf = ({ jobs }: Workflow) => Object.entries(jobs);

    it("pin every action to a commit", () => {
        const used = workflows.flatMap((workflow) =>
            jobsOf(workflow).flatMap(([, { steps }]) => steps.flatMap(({ uses }) => uses ?? [])),
        );
        assert.ok(used.length > 0);
        for (const uses of used) assert.match(uses, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    });

    it("pin an action to the same commit everywhere, and say of which version it is", () => {
        const pins = new Map<string, Set<string>>();
        for (const { file, text } of workflows) {
            for (const [line, action = "", pin = ""] of text.matchAll(/uses: ([^@\s]+)@(.*)$/gm)) {
                assert.match(line, /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, file);
                pins.set(action, (pins.get(action) ?? new Set()).add(pin));
            }
        }
        assert.ok(pins.has("actions/attest-build-provenance"));
        for (const [action, found] of pins) assert.equal(found.size, 1, action);
    });

    it("give the code of a pull request no secret, no token to keep and nothing to write", () => {
        for (const { file, text, on, permissions, ...workflow } of workflows) {
            assert.doesNotMatch(text, /\bsecrets\b|pull_request_target|workflow_run/, file);
            assert.deepEqual(permissions, { contents: "read" }, file);
            for (const [name, job] of jobsOf({ on, permissions, ...workflow })) {
                const isRelease = "push" in on && !("pull_request" in on);
                if (!isRelease) assert.equal(job.permissions, undefined, `${file}: ${name}`);
                for (const { uses, with: given } of job.steps) {
                    if (uses?.startsWith("actions/checkout@") !== true) continue;
                    assert.equal(given?.["persist-credentials"], false, file);
                }
            }
        }
    });

    it("take nothing that somebody else may name into a shell", () => {
        for (const workflow of workflows) {
            for (const [, { steps }] of jobsOf(workflow)) {
                for (const { run } of steps) assert.doesNotMatch(run ?? "", /\$\{\{/, workflow.file);
            }
        }
    });

    it("publish a tag after the whole check, without a token, with provenance", () => {
        const release = workflows.find(({ file }) => file === "release.yml");
        assert.deepEqual(release?.on, { push: { tags: ["v*"] } });
        const publish = release.jobs.publish;
        assert.deepEqual(publish?.permissions, { contents: "read", "id-token": "write" });
        assert.equal(publish.environment, "release");
        const commands = publish.steps.flatMap(({ run }) => run?.trim() ?? []);
        const last = "npm publish --provenance --access public";
        const inOrder = commands.filter((command) => ["bash .ci/run", "npm audit", last].includes(command));
        assert.deepEqual(inOrder, ["bash .ci/run", "npm audit", last]);
        assert.equal(commands.at(-1), last);
        assert.ok(commands.some((command) => command.startsWith('npm pkg set "repository.url=')));
    });

    it("make and attest the archives of the plugin and of the SDKs after that, and tag the Go module", () => {
        const plugin = workflows.find(({ file }) => file === "release.yml")?.jobs.plugin;
        assert.deepEqual([plugin?.environment, plugin?.needs], ["release", "publish"]);
        const steps = plugin?.steps.map(({ uses, run }) => uses ?? run ?? "") ?? [];
        const setUpGo = steps.findIndex((step) => step.startsWith("actions/setup-go@"));
        const made = steps.indexOf("npm run plugin");
        const engine = steps.indexOf("npm run engine -- --all");
        const sdks = steps.indexOf("npm run sdk");
        const packed = steps.findIndex((step) => step.includes("tar -czf"));
        const attested = steps.findIndex((step) => step.startsWith("actions/attest-build-provenance@"));
        const released = steps.findIndex((step) => step.includes("gh release create"));
        const inOrder = [setUpGo, made, engine, sdks, packed, attested, released];
        assert.deepEqual(
            inOrder,
            [...new Set(inOrder)].filter((index) => index > 0).sort((a, b) => a - b),
        );
        assert.match(steps[packed] ?? "", /for language in python nodejs java dotnet;/);
        assert.equal(plugin?.steps[attested]?.with?.["subject-path"], "build/*.tar.gz");
        assert.match(steps[released] ?? "", /gh release create "\$TAG" build\/\*\.tar\.gz /);
        assert.match(steps[released] ?? "", /refs\/tags\/sdk\/go\/\$TAG/);
    });
});
