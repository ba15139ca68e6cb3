/** What the walks through the documents need, and what they lead to. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type KeyAndCsr, type OrderSeed } from "../../simulator/index.js";
import { type Place } from "./places.js";
import { type Terminal } from "./terminal.js";
import { walkBlocks } from "./walk.js";

/** Where a walk is. */
export interface Scene {
    readonly terminal: Terminal;
    /** The reader's. */
    readonly folder: string;
    /** Of order 112233. */
    readonly keyAndCsr: KeyAndCsr;
}

/** A walk. Each command has to succeed; the rest of what is expected stands here. */
export interface Walk {
    readonly place: Place;
    /** The folder of `examples/` that the reader has copied; default a project like the newcomer's. */
    readonly example?: string;
    /** The orders that the documents speak of. */
    readonly orders: readonly OrderSeed[];
    /** Default {@link anyKey}. */
    readonly apiKey?: string;
    /** The environment; default none, so that stack config has key and address. */
    readonly env?: (simulator: { apiKey: string; baseUrl: string }) => Record<string, string>;
    readonly prepare?: (scene: Scene) => void | Promise<void>;
    /** What commands print. */
    readonly prints: readonly (readonly [command: RegExp, output: RegExp])[];
    /** POSTs for each of the orders, in the end. */
    readonly posts: readonly number[];
    /** What else there is in the end. */
    readonly leaves: (scene: Scene) => void;
}

const shop = { commonName: "shop.example", policy: { approval: "auto" } } satisfies OrderSeed;
const both = { ...shop, dnsNames: ["www.shop.example"] };
/** What is typed where a key is asked for. */
export const anyKey = "a-key-of-the-reader";
const text = (...path: string[]): string => readFileSync(join(...path), "utf8");
const pem = /^-----BEGIN CERTIFICATE-----/;

function git(folder: string, ...args: string[]): string {
    return execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", stdio: "pipe" });
}

/** As "git clone" of an empty repository does, for somebody who has told git his name. */
function cloneEmpty(folder: string): void {
    const remote = `${folder}.git`;
    git(".", "init", "--quiet", "--bare", remote);
    git(folder, "init", "--quiet", "--initial-branch=main");
    git(folder, "remote", "add", "origin", remote);
    git(folder, "config", "user.name", "Shop");
    git(folder, "config", "user.email", "shop@shop.example");
    git(folder, "config", "branch.main.remote", "origin");
    git(folder, "config", "branch.main.merge", "refs/heads/main");
}

export const walks: readonly Walk[] = [
    {
        place: "reissue",
        example: "reissue",
        orders: [{ id: 112233, ...both }],
        prints: [[/^pulumi up$/, /order 112233: reissue, (the resource is new|triggers changed)/]],
        posts: [2],
        leaves: ({ folder }) => {
            assert.match(text(folder, "fullchain.pem"), pem);
        },
    },
    {
        place: "rotate-key",
        example: "rotate-key",
        orders: [{ id: 112233, ...both }],
        prepare: ({ terminal }) => {
            terminal.standIn("nginx");
        },
        prints: [
            [
                /^pulumi up$/,
                /order 112233: reissue, (the resource is new|certificate\.dnsNames, certificate\.csr changed)/,
            ],
        ],
        posts: [2],
        leaves: ({ folder, terminal }) => {
            assert.deepEqual(terminal.calls("nginx"), ["[-s][reload]"]);
            assert.equal(readlinkSync(join(folder, "live", "current")), "2026-12");
            for (const rotation of ["2026-11", "2026-12"]) {
                const key = join(folder, "live", rotation, "privkey.pem");
                assert.equal(statSync(key).mode & 0o777, 0o600);
                for (const file of ["csr.pem", "fullchain.pem"])
                    assert.ok(existsSync(join(folder, "live", rotation, file)), `${rotation}/${file}`);
            }
        },
    },
    {
        place: "fleet",
        example: "fleet",
        orders: [
            { id: 112233, ...both },
            { id: 112234, commonName: "api.example", policy: { approval: "required" } },
        ],
        prints: [
            [/^pulumi up/, /api \(order 112234\): pending_approval/],
            [/^pulumi stack output needsAttention$/, /^\["api \(order 112234\): pending_approval"\]$/m],
        ],
        posts: [1, 1],
        leaves: ({ folder }) => {
            assert.match(text(folder, "Pulumi.dev.yaml"), /digicert:pollSeconds: "60"/);
        },
    },
    {
        place: "pipeline",
        example: "pipeline",
        orders: [{ id: 112233, ...both }],
        env: ({ apiKey }) => ({
            DIGICERT_API_KEY: apiKey,
            GIT_CONFIG_GLOBAL: "/dev/null",
        }),
        // There is no GitHub here: what is asked of it is compared, and git pushes to a folder.
        prepare: ({ folder, terminal }) => {
            cloneEmpty(folder);
            terminal.standIn("gh", `if [ "$1" = secret ]; then cat >> "$calls"; fi`);
            terminal.standIn("curl", "echo 'echo installed'");
        },
        prints: [
            [/^git commit /, /create mode 100644 Pulumi\.prod\.yaml/],
            [/^git push$/, /\[new branch\] +main -> main/],
            [/^pulumi cancel --stack prod --yes$/, /update for 'prod' has been canceled!/],
            [/^pulumi up --stack prod$/, /order 112233: reissue, the resource is new/],
        ],
        posts: [1],
        leaves: ({ folder, terminal }) => {
            assert.match(text(folder, "up.json"), /"summaryEvent"/);
            assert.equal(text(folder, "attention.md"), "");
            assert.deepEqual(terminal.calls("gh"), [
                ...["[secret][set][PULUMI_ACCESS_TOKEN]", anyKey],
                ...["[secret][set][DIGICERT_API_KEY]", anyKey],
                "[label][create][certificates]",
                "[workflow][run][certificates.yml]",
                "[workflow][run][certificates.yml]",
            ]);
            assert.deepEqual(terminal.calls("curl"), ["[-fsSL][https://get.pulumi.com]"]);
            const files = git(folder, "ls-tree", "-r", "--name-only", "origin/main").split("\n");
            for (const file of ["Pulumi.prod.yaml", "package-lock.json", "csr.pem"])
                assert.ok(files.includes(file), file);
            const others = files.filter((file) => /node_modules|\.key$/.test(file));
            assert.deepEqual(others, []);
        },
    },
    {
        place: "project",
        orders: [
            { id: 112233, ...both },
            { id: 445566, commonName: "lab.example" },
        ],
        apiKey: "...", // which README exports
        env: ({ baseUrl }) => ({ DIGICERT_BASE_URL: baseUrl }),
        prepare: async ({ folder, terminal, keyAndCsr: { keyPem, csrPem } }) => {
            const [first] = walkBlocks();
            const lines = first?.code.split("\n").filter((line) => !line.startsWith("mkdir ")) ?? [];
            const { exitCode, output } = await terminal.run(lines.join("\n"));
            assert.equal(exitCode, 0, output);
            writeFileSync(join(folder, "tls.key"), keyPem);
            writeFileSync(join(folder, "shop.csr"), csrPem);
            writeFileSync(join(folder, "index.ts"), "// what --force overwrites\n");
        },
        prints: [
            [/ --help$/, /^Usage: pulumi-digicert/m],
            [/ doctor 112233/, /order 112233\n {2}ok /],
            [/ doctor 112233 445566$/, /order 445566\n {2}ok /],
            [/ doctor 112233 --names /, /ok +names/],
            [/ doctor --json$/, /^\{/m],
            [/ init 112233$/, /adoptExisting: true/],
            [/ timeline /, /^timeline\.html: 1 order, none needs a person$/m],
            [/ simulator /, /^API +http:/m],
            [/^pulumi up$/, /\+ 2 created/],
            [/^npm version /, /^v1\.2\.3$/m],
        ],
        posts: [0, 0],
        leaves: ({ folder }) => {
            assert.match(text(folder, "index.ts"), /orderId: 112233/);
            assert.match(text(folder, "timeline.html"), /112233/);
            assert.match(text(folder, "Pulumi.prod.yaml"), /digicert:apiKey:\s+secure: /);
        },
    },
];
