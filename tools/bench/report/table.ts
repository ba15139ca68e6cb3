/** The tables of the report, in Markdown. */
import { type Abilities } from "../contenders/contender.js";
import { type Work } from "../measure.js";
import { GROUP } from "../sizes.js";
import { type ColdStart } from "../work/coldStart.js";
import { type Results } from "./results.js";
import { median, quotaFloor, type Row } from "./stats.js";

const OURS = "pulumi-digicert";
const ENGINE = "engine alone";
const PLUGIN = "plugin, YAML";
const NODE_PLUGIN = "plugin, Node";
const EMPTY_PLUGIN = "empty plugin, YAML";
const POLLING = 60;

const TITLES: Readonly<Record<Exclude<Work, "e">, string>> = {
    a: "(a) One reissue, issued at once",
    b: "(b) Many, issued at once",
    c: "(c) Many that take time to issue",
    d: "(d) Nothing to do",
};

/** Writes the report of all measurements. */
export function report(results: Results, rows: readonly Row[]): string {
    const { versions, abilities, cold } = results.kept;
    const works = (Object.keys(TITLES) as (keyof typeof TITLES)[]).filter((work) =>
        rows.some((row) => row.work === work),
    );
    return [
        Object.entries(versions)
            .map(([name, version]) => `${name} ${version}`)
            .join(" · "),
        ...works.map(
            (work) => `**${TITLES[work]}**\n\n${timesTable(rows.filter((row) => row.work === work))}`,
        ),
        `**State**\n\n${stateTable(rows)}`,
        ...(cold.length > 0 ? [`**(e) Cold start**\n\n${coldTable(cold)}`] : []),
        ...(cold.length > 0 ? [`**The two doors**\n\n${doorsTable(rows, cold)}`] : []),
        `**What they do**\n\n${abilitiesTable(abilities)}`,
    ].join("\n\n");
}

function timesTable(rows: readonly Row[]): string {
    const heads = [
        "what",
        "contender",
        "s, median (range)",
        "× ours",
        "× engine",
        "CPU s",
        "load",
        "requests",
        "reissues",
        "429",
        "most in 5 s",
    ];
    return markdown(
        heads,
        rows.map((row) => {
            const beside = (contender: string) =>
                rows.find((other) => other.what === row.what && other.contender === contender);
            return [
                row.what,
                row.contender,
                row.seconds.length > 0 ? spread(row.seconds) : "failed",
                ratio(row, beside(OURS)),
                ratio(row, beside(ENGINE)),
                row.cpuSeconds?.toFixed(1) ?? "–",
                row.load.toFixed(1),
                String(row.requests),
                String(row.accepted),
                String(row.refused),
                String(row.peak),
            ];
        }),
    );
}

/** The works whose stacks begin empty, and hold one certificate for each order in the end. */
const isSized = ({ work }: Row): boolean => work === "a" || work === "b";

/** Bytes per resource. */
function stateTable(rows: readonly Row[]): string {
    const sized = rows.filter((row) => isSized(row) && row.samples.some(({ state }) => state));
    return markdown(
        ["what", "contender", "bytes per resource", "without PEM", "provider text"],
        sized.map((row) => {
            const state = row.samples.find((sample) => sample.state)?.state;
            return [
                row.what,
                row.contender,
                String(state?.bytes ?? "–"),
                String(state?.withoutPem ?? "–"),
                String(state?.providerText ?? "–"),
            ];
        }),
    );
}

function coldTable(cold: readonly ColdStart[]): string {
    const ms = (values: readonly number[]) => spread(values, 0);
    const of = (pick: (one: ColdStart) => number) => cold.map(pick);
    const ours = of(({ requireMs }) => requireMs[OURS]);
    const sdk = of(({ requireMs }) => requireMs["@pulumi/pulumi"]);
    const before = (door: "host" | "plugin") => cold.flatMap((one) => one[door].mb?.slice(0, 1) ?? []);
    const after = (door: "host" | "plugin") => cold.flatMap((one) => one[door].mb?.slice(1) ?? []);
    const checks = (type: "ec" | "rsa", name: string): string[][] => [
        [`\`crypto.verify\` with ${name}, µs`, ms(of(({ checks }) => 1000 * checks[type].verifyMs))],
        [`check of a new CSR with ${name}, µs`, ms(of(({ checks }) => 1000 * checks[type].newCsrMs))],
        [`check of a recorded CSR with ${name}, µs`, ms(of(({ checks }) => 1000 * checks[type].knownCsrMs))],
    ];
    return markdown(
        ["what", "median (range)"],
        [
            ["`require` of pulumi-digicert, ms", ms(ours)],
            ["`require` of @pulumi/pulumi alone, ms", ms(sdk)],
            ["the first by the second", (median(ours) / median(sdk)).toFixed(3)],
            ["memory of a program with pulumi-digicert, MB", ms(of(({ programMb }) => programMb[OURS]))],
            ["memory with @pulumi/pulumi alone, MB", ms(of(({ programMb }) => programMb["@pulumi/pulumi"]))],
            ["dynamic host, start to first check, ms", ms(of(({ host }) => host.startMs))],
            ["plugin, start to first check, ms", ms(of(({ plugin }) => plugin.startMs))],
            ["dynamic host, tenth check of a new CSR, ms", spread(of(({ host }) => host.tenthCheckMs))],
            ["plugin, tenth check of a new CSR, ms", spread(of(({ plugin }) => plugin.tenthCheckMs))],
            ...checks("ec", "P-256"),
            ...checks("rsa", "RSA 2048"),
            ["memory of the dynamic host before the first check, MB", ms(before("host"))],
            ["memory of the dynamic host after the checks, MB", ms(after("host"))],
            ["memory of the plugin before the first check, MB", ms(before("plugin"))],
            ["memory of the plugin after the checks, MB", ms(after("plugin"))],
        ],
    );
}

/** The dynamic resource beside the plugin. */
function doorsTable(rows: readonly Row[], cold: readonly ColdStart[]): string {
    const contenders = [OURS, PLUGIN, NODE_PLUGIN];
    const row = (contender: string, work: Work, what: string) =>
        rows.find((one) => one.contender === contender && one.work === work && one.what.startsWith(what));
    const times = (what: string) => [
        `500 resources, nothing to do: ${what}, s`,
        ...contenders.map((contender) =>
            spread(row(contender, "d", `500 resources, ${what}`)?.seconds ?? []),
        ),
    ];
    const doors = (what: string, pick: (door: ColdStart["host"]) => number | undefined) => {
        const of = (door: "host" | "plugin") =>
            spread(
                cold.flatMap((one) => pick(one[door]) ?? []),
                0,
            );
        return [what, of("host"), of("plugin"), of("plugin")];
    };
    return markdown(
        ["what", "dynamic resource", "plugin, YAML", "plugin, Node"],
        [
            doors("start to first check, ms", ({ startMs }) => startMs),
            doors("memory before the first check, MB", ({ mb }) => mb?.[0]),
            doors("memory after 20 checks of new CSRs, MB", ({ mb }) => mb?.[1]),
            [
                "state, bytes per resource",
                ...contenders.map((contender) => {
                    const samples = row(contender, "a", "1 order")?.samples ?? [];
                    return String(samples.find(({ state }) => state)?.state?.bytes ?? "–");
                }),
            ],
            times("preview"),
            times("up"),
            [
                "its requests",
                ...contenders.map((contender) =>
                    String(row(contender, "d", "500 resources, up")?.requests ?? "–"),
                ),
            ],
        ],
    );
}

function abilitiesTable(abilities: Readonly<Record<string, Abilities>>): string {
    return markdown(
        ["contender", "waits until issued", "resumes what was accepted", "quota", "asks once"],
        Object.entries(abilities).map(([name, one]) => [
            name,
            one.waits,
            one.resumes,
            one.quota,
            one.asksOnce,
        ]),
    );
}

/** Compares the measurements with the targets. The result of a small or disturbed run is not reliable. */
export function targets(results: Results, rows: readonly Row[]): string[] {
    const lines: string[] = [];
    const judge = (what: string, value: number, limit: number) => {
        if (Number.isFinite(value)) {
            lines.push(
                `${value <= limit ? "met   " : "missed"} ${what}: ${value.toFixed(2)}, limit ${limit}`,
            );
        }
    };
    const seconds = (row: Row | undefined) => (row && row.seconds.length > 0 ? median(row.seconds) : NaN);
    const groupOfEngine = rows.find(
        ({ work, what, contender }) => work === "b" && what === `${GROUP} orders` && contender === ENGINE,
    );
    for (const row of rows.filter(({ contender }) => contender === OURS)) {
        const beside = (name: string) =>
            rows.find((one) => one.work === row.work && one.what === row.what && one.contender === name);
        const label = `(${row.work}) ${row.what}`;
        const engine = seconds(beside(ENGINE));
        if (row.work === "a") {
            judge(`${label}, requests`, row.requests, 2);
            judge(`${label}, × engine alone`, seconds(row) / engine, 1.1);
        }
        if (row.work === "c") {
            // Three requests for each order: the read, the POST, the download. The others are polling, shared by all orders.
            judge(`${label}, requests beyond 3 each`, row.requests - 3 * row.orders, POLLING);
            const issuance = Number(/ of ([\d.]+) s/.exec(row.what)?.[1]);
            const floor = quotaFloor(row.requests) + issuance;
            judge(`${label}, × floor and issuance (${floor} s)`, seconds(row) / floor, 1.15);
        }
        if (row.work === "d") {
            judge(`${label}, requests`, row.requests, 0);
            judge(`${label}, × engine alone`, seconds(row) / engine, 0.85);
            judge(`${label}, ${EMPTY_PLUGIN} × ours`, seconds(beside(EMPTY_PLUGIN)) / seconds(row), 0.55);
            for (const [name, limit] of [
                [PLUGIN, 0.55],
                [NODE_PLUGIN, 1],
            ] as const) {
                judge(`${label}, ${name} × ours`, seconds(beside(name)) / seconds(row), limit);
                judge(`${label}, ${name}, requests`, beside(name)?.requests ?? NaN, 0);
            }
        }
        if (row.work === "b") {
            const hand = beside("hand-written");
            judge(`${label}, 429`, row.refused, 0);
            judge(`${label}, places of a window left unused`, 100 - row.peak, 5);
            const floor = quotaFloor(row.requests);
            const isLong = row.requests > 1000;
            // The engine has to start, and to step through the orders of a window after the window opens.
            const group = isLong ? 0 : seconds(groupOfEngine);
            const limit = isLong ? 1.05 : 1.15;
            judge(
                `${label}, × floor and one group (${(floor + group).toFixed(0)} s)`,
                seconds(row) / (floor + group),
                limit,
            );
            const requests = row.requests / (hand?.requests ?? NaN);
            judge(`${label}, × hand-written`, seconds(row) / seconds(hand), Number(requests.toFixed(2)));
        }
        if (isSized(row)) {
            const size = (one: Row | undefined) =>
                one?.samples.find(({ state }) => state)?.state?.withoutPem ?? NaN;
            judge(
                `(${row.work}) ${row.what}, state × hand-written`,
                size(row) / size(beside("hand-written")),
                0.2,
            );
            judge(
                `(${row.work}) ${row.what}, state, plugin × ours`,
                size(beside(NODE_PLUGIN)) / size(row),
                1,
            );
        }
    }
    const { cold } = results.kept;
    const requires = (name: "pulumi-digicert" | "@pulumi/pulumi") =>
        median(cold.map(({ requireMs }) => requireMs[name]));
    const doors = (pick: (door: ColdStart["host"]) => number) =>
        median(cold.map(({ plugin }) => pick(plugin))) / median(cold.map(({ host }) => pick(host)));
    const check = (type: "ec" | "rsa") =>
        median(cold.map(({ checks }) => checks[type].newCsrMs - checks[type].knownCsrMs)) /
        median(cold.map(({ checks }) => checks[type].verifyMs));
    judge("(e) require × @pulumi/pulumi", requires("pulumi-digicert") / requires("@pulumi/pulumi"), 1.05);
    judge(
        "(e) start to first check, plugin × dynamic host",
        doors(({ startMs }) => startMs),
        0.5,
    );
    judge(
        "(e) memory at rest, plugin × dynamic host",
        doors(({ mb }) => mb?.[0] ?? NaN),
        0.6,
    );
    judge("(e) a new CSR × crypto.verify, P-256", check("ec"), 3);
    judge("(e) a new CSR × crypto.verify, RSA 2048", check("rsa"), 3);
    return lines;
}

function ratio(row: Row, other: Row | undefined): string {
    if (!other || row.seconds.length === 0 || other.seconds.length === 0) return "–";
    return (median(row.seconds) / median(other.seconds)).toFixed(2);
}

function spread(values: readonly number[], digits = 1): string {
    const text = (value: number) => value.toFixed(digits);
    if (values.length === 0) return "–";
    if (values.length === 1) return text(values[0] ?? NaN);
    return `${text(median(values))} (${text(Math.min(...values))}–${text(Math.max(...values))})`;
}

function markdown(heads: readonly string[], rows: readonly (readonly string[])[]): string {
    const widths = heads.map((head, column) =>
        Math.max(3, head.length, ...rows.map((row) => row[column]?.length ?? 0)),
    );
    const line = (cells: readonly string[]) =>
        `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
    return [line(heads), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
