import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { parse } from "yaml";
import { cleanEnvironment } from "../engine/environment.js";
import { temporaryFolder } from "../engine/folders.js";
import { startKnot, type Knot } from "../engine/knot.js";
import { repositoryRoot } from "../engine/paths.js";
import { requireCli } from "../engine/requireCli.js";
import { type Stack } from "../engine/stack.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { openExample } from "./example.js";
import { runJob, type Runner, shell, type Workflow } from "./workflow.js";

const DAY_MS = 86_400_000;

/** Key of the DNS server's updates. */
const DNS_KEY = "hmac-sha256:pipeline cGlwZWxpbmUgb2YgYSB0ZXN0IQ==";

/** Preloaded into Node: the day that the workflow runs on. */
const CLOCK = `
const Today = Date;
const now = () => Today.now() + Number(process.env.DAYS_LATER) * ${DAY_MS};
globalThis.Date = class extends Today {
    constructor(...parts) { super(...(parts.length > 0 ? parts : [now()])); }
    static now() { return now(); }
};
`;

/** GitHub's CLI, for the issue it keeps: what it is asked, and the open issue, are files. */
const GH = `#!/bin/sh
echo "$*" >> "$FAKE_GITHUB/asked"
[ "$GH_TOKEN $GH_REPO" = "token shop/certificates" ] || exit 4
case "$1 $2" in
    "issue list") if [ -e "$FAKE_GITHUB/issue" ]; then echo 7; fi ;;
    "issue create" | "issue edit") for file; do :; done; case "$2" in edit) [ "$3" = 7 ] ;; esac && cp attention.md "$FAKE_GITHUB/issue" ;;
    "issue close") [ "$3" = 7 ] && rm "$FAKE_GITHUB/issue" ;;
    *) exit 3 ;;
esac
`;

describe("examples/pipeline", function () {
    this.timeout(600_000);
    const folder = join(repositoryRoot, "examples", "pipeline");
    let knot: Knot;
    let simulator: Simulator;
    let orderId: number;
    let stack: Stack;
    let github: string;
    let runner: Runner;
    let today = 0;

    before(async function () {
        await requireCli(this);
        const started = await startKnot("shop.example", DNS_KEY);
        if (typeof started === "string") {
            console.log(`      skipped: ${started}`);
            this.skip();
        }
        knot = started;
        simulator = await startSimulator({
            dns: knot.address,
            policy: { approval: "auto", pollsDcv: false },
        });
        const end = new Date(simulator.now().getTime() + 800 * DAY_MS);
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            orderValidTill: end,
            product: { name_id: "ssl_dv_geotrust", validation_type: "dv" },
        }));
        github = temporaryFolder("github");
        writeFileSync(join(github, "clock.cjs"), CLOCK);
        writeFileSync(join(github, "gh"), GH);
        chmodSync(join(github, "gh"), 0o755);
        mkdirSync(join(github, "state"));
        const pulumi = {
            PULUMI_BACKEND_URL: `file://${github}/state`,
            PULUMI_HOME: join(github, "home"),
            PULUMI_CONFIG_PASSPHRASE: "test",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            PULUMI_NODEJS_TRANSPILE_ONLY: "true",
        };
        stack = await openExample({
            name: "pipeline",
            simulator,
            stackName: "prod",
            config: {
                orderId: String(orderId),
                commonName: "shop.example",
                zone: "shop.example",
                dnsServer: knot.address,
            },
            env: pulumi,
        });
        stack.write({ "csr.pem": (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem });
        runner = {
            cwd: stack.program,
            env: cleanEnvironment({
                ...pulumi,
                PATH: [github, dirname(stack.bin), process.env.PATH ?? "", knot.bin].join(delimiter),
                DIGICERT_POLL_SECONDS: "0.2",
                GITHUB_STEP_SUMMARY: join(github, "summary"),
                FAKE_GITHUB: github,
                NODE_OPTIONS: `--require ${join(github, "clock.cjs")}`,
            }),
            expressions: {
                "secrets.PULUMI_ACCESS_TOKEN": "",
                "secrets.DIGICERT_API_KEY": simulator.apiKey,
                "secrets.DNS_KEY": DNS_KEY,
                "github.token": "token",
                "github.repository": "shop/certificates",
            },
            skip: "Install packages",
        };
        const skipped = workflow().jobs.up.steps.filter(({ name }) => name === runner.skip);
        assert.deepEqual(
            skipped.map(({ run }) => run?.trim().split("\n").at(-1)),
            ["npm ci"],
        );
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
        await (knot as Knot | undefined)?.close();
    });

    const read = (name: string) => {
        const file = join(github, name);
        return existsSync(file) ? readFileSync(file, "utf8") : "";
    };
    const workflow = () =>
        parse(readFileSync(join(folder, ".github", "workflows", "certificates.yml"), "utf8")) as Workflow;

    function travelTo(day: number) {
        simulator.advance((day - today) * DAY_MS);
        today = day;
        simulator.clearRequests();
        for (const name of ["summary", "asked"]) rmSync(join(github, name), { force: true });
        return { ...runner, env: { ...runner.env, DAYS_LATER: String(day) } };
    }

    /** The workflow's run of one day, and what people get to see of it. */
    async function runOn(day: number) {
        const { failed, output } = await runJob(workflow(), travelTo(day));
        assert.ok(!output.includes(simulator.apiKey) && !output.includes(DNS_KEY));
        const methods = new Set(simulator.requests.map(({ method }) => method));
        const posts = simulator.requests.filter(({ method }) => method === "POST").length;
        const asked = read("asked").trim().split("\n");
        assert.equal(
            asked.shift(),
            "issue list --label certificates --json number --jq .[0].number // empty",
        );
        return {
            failed,
            output,
            methods: [...methods],
            posts,
            asked,
            summary: read("summary"),
            issue: read("issue"),
        };
    }

    /** The serial number of the certificate that the stack hands on, after it is seen to be the order's. */
    async function handedOn(): Promise<string | undefined> {
        const { serialNumber, pem = "no certificate" } = simulator.order(orderId).current;
        const { fullChainPem } = await stack.outputs();
        assert.ok(String(fullChainPem).startsWith(pem.trim()));
        return serialNumber;
    }

    it("is loud only on the days when there is something to tell, and red when time runs out", async () => {
        const first = await runOn(0);
        assert.deepEqual([first.failed, first.posts, first.asked], [[], 1, []], first.output);
        assert.match(first.summary, /^Order \d+ \(certificate\) has a new certificate, valid until /);
        const issued = await handedOn();

        const silent = { failed: [], output: "", posts: 0, asked: [], summary: "", issue: "" };
        assert.deepEqual(await runOn(1), { ...silent, methods: ["GET"] });

        simulator.policy(orderId, { approval: "required" });
        const due = await runOn(175);
        assert.deepEqual([due.failed, due.posts], [[], 1], due.output);
        assert.match(
            due.output,
            /^::warning title=Certificates::Order \d+ \(certificate\) is pending_approval\.$/m,
        );
        assert.match(due.summary, /reissue, certificate expires in \d+ days/);
        assert.equal(due.issue, due.summary);
        assert.deepEqual(
            due.asked.map((line) => line.slice(0, 38)),
            ["issue create --label certificates --ti"],
        );

        const waiting = await gitlab(176);
        assert.equal(waiting.exitCode, 42, waiting.output);
        assert.match(waiting.output, /waits for an approver/);

        const late = await runOn(195);
        assert.deepEqual([late.failed, late.posts], [["Update"], 0], late.output);
        assert.match(late.issue, /is pending_approval; pulumi up failed\./);
        assert.match(late.issue, /fewer than 7 days \(failDaysRemaining\) are left/);
        assert.deepEqual(late.asked, ["issue edit 7 --body-file attention.md"]);

        await approve();
        const approved = await runOn(196);
        assert.deepEqual([approved.failed, approved.posts, approved.issue], [[], 0, ""], approved.output);
        assert.match(approved.summary, /has a new certificate/);
        assert.match(approved.asked.join(), /^issue close 7 --comment /);
        assert.notEqual(await handedOn(), issued);
    });

    it("never overlaps itself, never cancels a run, and gives DigiCert the time that the program allows", () => {
        const { concurrency, jobs, on }: Workflow = workflow();
        assert.deepEqual(concurrency, { group: "certificates-prod", "cancel-in-progress": false });
        assert.match(on.schedule[0]?.cron ?? "", /^[1-9]\d? \d+ \* \* \*$/);
        const program = readFileSync(join(folder, "index.ts"), "utf8");
        const seconds = Number(/issuanceTimeoutSeconds = (\d+)/.exec(program)?.[1]);
        const update = jobs.up.steps.find(({ name }) => name === "Update")?.["timeout-minutes"] ?? 0;
        assert.ok(update > (2 * seconds) / 60 && jobs.up["timeout-minutes"] > update);
    });

    it("writes records as examples/validation does", () => {
        const file = (example: string) => readFileSync(join(folder, "..", example, "dnsRecord.ts"), "utf8");
        assert.equal(file("pipeline"), file("validation"));
    });

    it("says what to do where the CLI was killed", async () => {
        const cut = join(github, "cut.json");
        writeFileSync(cut, `{"preludeEvent":{}}\n{"diagnosticEvent":{"mess`);
        const attention = join(github, "attention.md");
        const { stdout } = await shell(`node "${join(folder, "report.mjs")}" "${cut}" "${attention}"`, {
            ...runner,
            env: { ...runner.env, DAYS_LATER: "0" },
        });
        assert.match(stdout, /^pulumi up failed\.\n[^]*`pulumi cancel`, then run the workflow again/);
        assert.equal(readFileSync(attention, "utf8"), stdout);
    });

    /** The job in the README's GitLab file, whose exit code 42 is a warning. */
    async function gitlab(day: number) {
        const text = readFileSync(join(folder, "README.md"), "utf8");
        const [, yaml = ""] = /```yaml\n(certificates:[^]*?)```/.exec(text) ?? [];
        const { certificates } = parse(yaml) as {
            certificates: { script: string[]; allow_failure: { exit_codes: number } };
        };
        assert.equal(certificates.allow_failure.exit_codes, 42);
        const { env } = travelTo(day);
        return shell(certificates.script.join("\n"), {
            ...runner,
            env: { ...env, DIGICERT_API_KEY: simulator.apiKey, DNS_KEY },
        });
    }

    async function approve() {
        const request = simulator.order(orderId).requests.find(({ status }) => status === "pending");
        assert.ok(request);
        await simulator.approve(request.requestId);
    }
});
