/** Stack exports of invented orders, for looking at: every kind of next step, and as many quiet orders as wanted. */
import type { ReissueInputs, ReissueState } from "../../../provider/core/reissue/state.js";
import { readExport } from "../../../cli/timeline/export.js";
import { buildTimeline, type Timeline } from "../../../cli/timeline/model.js";
import { inputs, iso, issuedState, openState, plusDays } from "../../fixtures/inputs.js";

/** The day on which the pictures are taken. */
export const TODAY = new Date("2026-09-15T09:00:00Z");
const TYPE = "pulumi-nodejs:dynamic/digicert:Reissue";

/** A resource as an export has it. */
export function resource(name: string, outputs: object, more: object = {}, stack = "prod", project = "shop") {
    const urn = `urn:pulumi:${stack}::${project}::${TYPE}::${name}`;
    return { urn, custom: true, id: "1", type: TYPE, inputs: {}, outputs, ...more };
}

/** The text of an export. */
export function exported(...resources: object[]): string {
    const stack = {
        urn: "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod",
        type: "pulumi:pulumi:Stack",
    };
    return JSON.stringify({ version: 3, deployment: { manifest: {}, resources: [stack, ...resources] } });
}

/** A certificate of 199 days that has `left` of them left, in a plan that ends so many days after it. */
export function withDaysLeft(
    left: number,
    beyond = 500,
    more: Partial<ReissueState> = {},
    wanted = inputs(),
): ReissueState {
    const validTill = plusDays(TODAY, left);
    const orderValidTill = iso(plusDays(validTill, beyond)).slice(0, 10);
    const made = issuedState(wanted, { validFrom: plusDays(validTill, -199), validTill, orderValidTill });
    return { ...made, ...more };
}

/** A reissue asked for so many days ago, while a certificate has `left` days left; without one if that is absent. */
export function waiting(
    status: ReissueState["status"],
    ago: number,
    left?: number,
    more: Partial<ReissueState> = {},
    wanted = inputs(),
) {
    const old = left === undefined ? undefined : withDaysLeft(left, 300, {}, wanted);
    const asked = { marker: "7f3a9c211b2c3d4e", at: plusDays(TODAY, -ago).toISOString() };
    return openState(wanted, status, old, { asked, ...more });
}

type Story = (wanted: ReissueInputs, n: number) => ReissueState;

/** One of each, the rarest first. */
const STORIES: readonly Story[] = [
    (wanted) => waiting("rejected", 2, 19, { requestIds: [73105] }, wanted),
    (wanted, n) => waiting("pending_approval", 4, 24, { requestIds: [73118 + n] }, wanted),
    (wanted, n) => withDaysLeft(22 - (n % 9), 400, {}, wanted),
    (wanted, n) => withDaysLeft(44 + (n % 9), 300, {}, wanted),
    (wanted, n) => withDaysLeft(110 + ((n * 7) % 60), 220, {}, wanted),
    (wanted) =>
        waiting("pending_issuance", 1, undefined, { dcvRandomValue: "fj7k2q9x4mzt", requestIds: [] }, wanted),
    (wanted) => withDaysLeft(15, 0, {}, wanted),
    (wanted) => withDaysLeft(4, 0, {}, wanted),
    (wanted) => withDaysLeft(80, 400, { status: "revoked" }, wanted),
    (wanted) => withDaysLeft(-3, 300, { status: "expired" }, wanted),
    (wanted) => waiting("unknown", 0.1, 21, {}, wanted),
    (wanted) => waiting("pending_issuance", 0.2, 26, {}, wanted),
    (wanted) => withDaysLeft(196, 300, {}, wanted),
    (wanted) => withDaysLeft(20, -60, { orderEnd: "is revoked" }, wanted),
];

const HOSTS = ["www", "api", "shop", "login", "cdn", "mail", "static", "intranet", "pay", "status"];
const SITES = [
    "shop.example",
    "bank.example",
    "clinic.example",
    "museum.example",
    "northern-railways.example",
];
const STACKS = [
    ["shop", "prod"],
    ["bank", "prod"],
    ["bank", "test"],
] as const;

/** An export of each stack; one order in ten is of the rarer kinds, the others are quiet. */
export function fleet(count: number): string[] {
    const isSmall = count <= SITES.length;
    const stacks = new Map<string, object[]>();
    for (let n = 0; n < count; n += 1) {
        const site = SITES[n % SITES.length] ?? "";
        const host = HOSTS[Math.floor(n / SITES.length) % HOSTS.length] ?? "";
        const number = n < 50 ? "" : `-${Math.floor(n / 50)}`;
        const commonName = isSmall ? site : `${host}${number}.${site}`;
        const dnsNames = n % 3 === 0 ? [`alt.${commonName}`, `old.${commonName}`] : [];
        const orderId = String(140200000 + n * 137);
        const state = storyOf(n, count)(inputs({ orderId, certificate: { commonName, dnsNames } }), n);
        const rejection = `order ${orderId}: the reissue was rejected by J. Doe: wrong department`;
        const more = n % STORIES.length === 0 ? { initErrors: [rejection] } : {};
        const [project, stack] = STACKS[isSmall ? 0 : n % STACKS.length] ?? STACKS[0];
        const made = resource(commonName.split(".")[0] ?? "", state, more, stack, project);
        stacks.set(`${project}/${stack}`, [...(stacks.get(`${project}/${stack}`) ?? []), made]);
    }
    return [...stacks.values()].map((resources) => exported(...resources));
}

function storyOf(n: number, count: number): Story {
    const quiet: Story = (wanted, m) =>
        withDaysLeft(61 + ((m * 53) % 138), ((m * 97) % 700) - 20, {}, wanted);
    const isTold = count <= STORIES.length || n % 8 === 0;
    return (isTold ? STORIES[(count <= STORIES.length ? n : n / 8) % STORIES.length] : undefined) ?? quiet;
}

/** The timeline of some resources on the day of the pictures. */
export function timeline(...resources: object[]): Timeline {
    return buildTimeline(readExport(exported(...resources), "a test"), TODAY);
}

/** The timeline of a {@link fleet}. */
export function timelineOfFleet(count: number): Timeline {
    return buildTimeline(
        fleet(count).flatMap((text) => readExport(text, "the fleet")),
        TODAY,
    );
}

/** Orders whose every text attacks, and some with secrets. */
export function hostile(): Timeline {
    const attack = `"></title><script>window.attacked=1</script><img src=x onerror="window.attacked=1">\u202e\u0000`;
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    const names = { commonName: attack, dnsNames: [attack, `'onmouseover='window.attacked=1`] };
    const attacking = { orderId: attack, orderEnd: attack, dcvRandomValue: attack };
    const wanted = inputs({ certificate: names });
    const pending = waiting("pending_issuance", 1, 20, attacking, wanted);
    return timeline(
        resource(
            attack,
            { ...withDaysLeft(20, 300, attacking, wanted) },
            { initErrors: [attack] },
            attack,
            attack,
        ),
        resource("pending", { ...pending, orderId: attack }),
        resource("rejected", {
            ...pending,
            status: "rejected",
            asked: { ...pending.asked, rejection: attack },
        }),
        resource("unreadable", { ...pending, status: attack }),
        resource("secret", {
            ...waiting("pending_issuance", 1, 20),
            certificate: { ...secret, plaintext: '"hunter2"' },
            dcvRandomValue: { ...secret, ciphertext: "v1:AAAA" },
        }),
    );
}
