/**
 * A fleet from 2026 to 2031 that nobody watches: every day each stack runs `up` with the program of the contract, under
 * the schedule of certificate lifetimes and of the reuse of validations; DNS and DigiCert are slow at times.
 *
 * @module
 */
import { CertCentral } from "../../../provider/core/certcentral/client.js";
import { Limiter } from "../../../provider/core/certcentral/limiter.js";
import { reissueResource } from "../../../provider/core/reissue/resource.js";
import { inputsOf, type ReissueInputs } from "../../../provider/core/reissue/state.js";
import { recordPlaces, recordValue } from "../../../provider/core/validation/records.js";
import { validationResource } from "../../../provider/core/validation/resource.js";
import { inputsOf as validationInputsOf } from "../../../provider/core/validation/state.js";
import { makeProviders, type Providers } from "../../../provider/dynamic/provider.js";
import { expand } from "../../../test/drivers/validation.js";
import { csrPem, keyPair } from "../../../test/fixtures/csr.js";
import { VirtualTime } from "../../../test/fixtures/virtualTime.js";
import { startSimulator, type Simulator } from "../../../simulator/index.js";

const DAY = 86_400_000;
export const START = new Date("2026-03-02T10:00:00Z");
export const END = new Date("2031-03-02T10:00:00Z");

/** From a day on: the longest certificate, and for how long OV and EV orders reuse a validation. */
const SCHEDULE = [
    { from: "2026-03-02", maxValidityDays: 199, validationReuseDays: 199 },
    { from: "2027-03-15", maxValidityDays: 99, validationReuseDays: 99 },
    { from: "2029-03-15", maxValidityDays: 46, validationReuseDays: 10 },
] as const;

/** So many stacks get their first `up` on a day. */
const FIRST_UPS_A_DAY = 25;

/** Of ten orders. */
const PRODUCTS = ["dv", "dv", "dv", "dv", "dv", "ov", "ov", "ov", "ev", "ev"];

type Bag = Record<string, unknown>;

/** What happened to all orders in one year. */
export interface YearOfFleet {
    readonly year: number;
    ups: number;
    /** Runs that failed; the next day's went on by itself. */
    failedUps: number;
    posts: number;
    /** POSTs that have one of the predicted reasons on that day. */
    foreseenPosts: number;
    requests: number;
    /** Requests that were answered 429. */
    refused: number;
    validations: number;
    daysWithoutCertificate: number;
    humanSteps: number;
}

/** What is wrong, a sentence each. */
export interface Played {
    readonly years: readonly YearOfFleet[];
    readonly problems: readonly string[];
}

/** Plays so many orders. */
export async function playFleet(
    orders: number,
    random: () => number,
    say: (line: string) => void,
): Promise<Played> {
    const simulator = await startSimulator({
        clock: () => START,
        rateLimit: true,
        policy: { approval: "none", maxValidityDays: 199, validationReuseDays: 199 },
    });
    const time = new VirtualTime(simulator);
    try {
        const fleet = new Fleet(simulator, time, random, say);
        await fleet.placeOrders(orders);
        for (let day = START.getTime(); day < END.getTime(); day += DAY) {
            if (simulator.now().getTime() < day) simulator.advance(day - simulator.now().getTime());
            await fleet.playDay();
        }
        return { years: fleet.years, problems: fleet.problems };
    } finally {
        await time.close();
        await simulator.close();
    }
}

/** One order's stack: what Pulumi would keep. */
interface Stack {
    orderId: number;
    readonly name: string;
    readonly names: readonly string[];
    readonly csr: string;
    /** End of the certificate that serves until the stack has one: that of the order when it was placed. */
    readonly firstValidTill: Date | undefined;
    reissue: Bag | undefined;
    validation: Bag | undefined;
    readonly records: Map<string, string>;
    /** A run failed with something saved: the engine makes an update whatever the plan says. */
    isIncomplete: boolean;
    /** Its preview; the same on all days on which nothing changes. */
    preview: Preview | undefined;
}

interface Preview {
    readonly of: readonly unknown[];
    readonly shows: (now: Date) => boolean;
}

class Fleet {
    readonly problems: string[] = [];
    readonly years: YearOfFleet[] = [];
    readonly #stacks: Stack[] = [];
    readonly #limiter: Limiter;
    #period = 0;

    constructor(
        private readonly simulator: Simulator,
        private readonly time: VirtualTime,
        private readonly random: () => number,
        private readonly say: (line: string) => void,
    ) {
        this.#limiter = new Limiter(undefined, time);
    }

    async placeOrders(count: number): Promise<void> {
        const csr = csrPem(keyPair("P-256"));
        for (let index = 0; index < count; index += 1) {
            const domain = `shop${index}.example`;
            const names = index % 3 === 0 ? [domain, `*.${domain}`, `www.${domain}`] : [domain];
            // Plans end on different days of the year.
            const planEnd = new Date(START.getTime() + (60 + Math.floor(this.random() * 305)) * DAY);
            const { orderId, current } = await this.simulator.seedOrder({
                csr,
                commonName: domain,
                dnsNames: names,
                orderValidTill: planEnd,
                autoRenew: true,
                product: { validation_type: PRODUCTS[index % PRODUCTS.length] ?? "dv" },
            });
            this.#stacks.push({
                orderId,
                name: `shop${index}`,
                names,
                csr,
                firstValidTill: current.validTill,
                reissue: undefined,
                validation: undefined,
                records: new Map(),
                isIncomplete: false,
                preview: undefined,
            });
        }
    }

    async playDay(): Promise<void> {
        const now = this.simulator.now();
        this.#changeRules(now);
        const year = this.#year(now);
        const days = Math.round((now.getTime() - START.getTime()) / DAY);
        const due = this.#stacks.slice(0, (days + 1) * FIRST_UPS_A_DAY).filter((stack) => {
            year.ups += 1;
            this.#followRenewal(stack, now);
            return this.#hasWork(stack, now);
        });
        if (due.length > 0) {
            for (const stack of due) this.#policy(stack);
            const providers = this.#newProcess();
            await this.time.until(Promise.all(due.map((stack) => this.#up(stack, providers, year, now))));
            this.#countRequests(year);
        }
        for (const stack of this.#stacks) {
            const { validation, firstValidTill } = stack;
            const till = validation ? Date.parse(String(validation.validTill)) : Number(firstValidTill);
            if (!(till > this.simulator.now().getTime())) {
                year.daysWithoutCertificate += 1;
                this.#report(now, stack, "no valid certificate");
            }
        }
    }

    /** The schedule of the rules. */
    #changeRules(now: Date): void {
        const next = SCHEDULE[this.#period + 1];
        if (next && now >= new Date(next.from)) this.#period += 1;
        if (now.getUTCDate() === 2 && now.getUTCMonth() % 6 === 2) {
            this.say(`${dateOf(now)}: ${this.#stacks.length} orders`);
        }
    }

    /** What holds for an order on a day on which its stack has work: the rules, and how quick DigiCert is. */
    #policy({ orderId }: Stack): void {
        const { maxValidityDays, validationReuseDays } = SCHEDULE[this.#period] ?? SCHEDULE[0];
        const issuanceMs = this.#slowness(60_000, 3_600_000);
        this.simulator.policy(orderId, { maxValidityDays, validationReuseDays, issuanceMs });
    }

    /** Mostly some, at times much more. */
    #slowness(usual: number, slow: number): number {
        return Math.floor(this.random() * (this.random() < 0.03 ? slow : usual));
    }

    /** What `getOrderOutput({ followRenewals: true })` does in the program; DigiCert renews in the last month of a plan. */
    #followRenewal(stack: Stack, now: Date): void {
        const planEnd = Date.parse(String(stack.reissue?.orderValidTill));
        if (planEnd - now.getTime() > 32 * DAY) return;
        const { renewedOrderId } = this.simulator.order(stack.orderId);
        if (renewedOrderId !== undefined) stack.orderId = renewedOrderId;
    }

    /** Whether preview would show anything; what it shows is the plan, and nothing else. */
    #hasWork(stack: Stack, now: Date): boolean {
        const { reissue, validation, orderId } = stack;
        if (!reissue || !validation || stack.isIncomplete) return true;
        const of = [reissue, validation, orderId];
        if (!stack.preview?.of.every((value, index) => value === of[index])) {
            stack.preview = { of, shows: previewOf(reissue, validation, orderId) };
        }
        return stack.preview.shows(now);
    }

    #newProcess(): Providers {
        const { simulator, time } = this;
        return makeProviders({
            now: () => simulator.now(),
            elapsed: () => time.now(),
            sleep: (ms) => time.sleep(ms),
            env: {
                DIGICERT_API_KEY: simulator.apiKey,
                DIGICERT_BASE_URL: simulator.baseUrl,
                // Nobody watches, so nobody needs to read an order every ten seconds.
                DIGICERT_POLL_SECONDS: "60",
            },
            log: () => undefined,
            connect: (settings) =>
                Promise.resolve(new CertCentral(settings, time.dispatcher, undefined, this.#limiter)),
        });
    }

    async #up(stack: Stack, providers: Providers, year: YearOfFleet, now: Date): Promise<void> {
        const isForeseen = this.#isForeseen(stack, now);
        const before = this.simulator.reissuePosts(stack.orderId);
        try {
            await this.#apply(stack, providers);
            stack.isIncomplete = false;
        } catch (error) {
            stack.isIncomplete = true;
            year.failedUps += 1;
            const text = (error as Error).message;
            if (!text.includes("ERR_DIGICERT_PENDING")) {
                year.humanSteps += 1;
                this.#report(now, stack, text);
            }
        }
        const posts = this.simulator.reissuePosts(stack.orderId) - before;
        year.posts += posts;
        if (isForeseen && posts === 1) year.foreseenPosts += 1;
        else if (posts > 0 || isForeseen) {
            this.#report(now, stack, `${posts} POSTs, ${isForeseen ? "one" : "none"} foreseen`);
        }
    }

    /** By the rules of the reference: the resource is new, the order is another one, or the certificate is due. */
    #isForeseen({ reissue, orderId }: Stack, now: Date): boolean {
        if (reissue?.orderId !== String(orderId)) return true;
        if (reissue.status !== "issued") return false;
        const [from, till] = [Date.parse(String(reissue.validFrom)), Date.parse(String(reissue.validTill))];
        const isDue = till - now.getTime() < Math.min(30 * DAY, (till - from) / 3);
        const planEnd = Date.parse(`${String(reissue.orderValidTill)}T23:59:59Z`);
        return isDue && planEnd - till > DAY;
    }

    async #apply(stack: Stack, { reissue, validation }: Providers): Promise<void> {
        const given = {
            orderId: stack.orderId,
            certificate: { commonName: stack.names[0], dnsNames: stack.names, csr: stack.csr },
            dcvMethod: "dns-txt-token",
            skipApproval: true,
            allowPendingOutputs: true,
            identity: `project/${stack.name}/shop`,
        };
        stack.reissue = await carryOut(reissue, stack.reissue, given, stack.isIncomplete, (saved) => {
            stack.reissue = saved;
        });
        for (const { name, type } of recordPlaces(stack.names, "dns-txt-token")) {
            const value = recordValue(stack.reissue.dcvRandomValue as string | undefined, "dns-txt-token");
            if (stack.records.get(name) === value) continue;
            stack.records.set(name, value);
            this.simulator.unpublish(name, type);
            this.simulator.publish(name, type, value, this.#slowness(120_000, 7_200_000));
        }
        stack.validation = await carryOut(validation, stack.validation, expand(stack.reissue), false);
    }

    #report(now: Date, { name }: Stack, text: string): void {
        const problem = `${dateOf(now)} ${name}: ${text}`;
        this.problems.push(problem);
        if (this.problems.length <= 40) this.say(`FAILED ${problem}`);
    }

    #countRequests(year: YearOfFleet): void {
        const { requests } = this.simulator;
        year.requests += requests.length;
        year.refused += requests.filter(({ status }) => status === 429).length;
        year.validations += requests.filter(({ pathname }) => pathname.endsWith("/check-dcv")).length;
        this.simulator.clearRequests();
    }

    #year(now: Date): YearOfFleet {
        const year = now.getUTCFullYear();
        const found = this.years.find((one) => one.year === year);
        if (found) return found;
        const added: YearOfFleet = {
            year,
            ups: 0,
            failedUps: 0,
            posts: 0,
            foreseenPosts: 0,
            requests: 0,
            refused: 0,
            validations: 0,
            daysWithoutCertificate: 0,
            humanSteps: 0,
        };
        this.years.push(added);
        return added;
    }
}

/** Whether the preview of a stack shows a change on a day. */
function previewOf(reissue: Bag, validation: Bag, orderId: number): Preview["shows"] {
    const state = reissueResource.readState(reissue);
    const inputs = { ...inputsOf(reissue as unknown as ReissueInputs), orderId: String(orderId) };
    const validationState = validationResource.readState(validation);
    const validationInputs = validationInputsOf({ ...validation, ...expand(reissue) });
    return (now) =>
        reissueResource.plan(state, inputs, now).kind !== "nothing" ||
        validationResource.plan(validationState, validationInputs, now).kind !== "nothing";
}

function dateOf(time: Date): string {
    return time.toISOString().slice(0, 10);
}

/** Pulumi's own type leaves the inputs open. */
interface Checked {
    readonly inputs?: Bag;
    readonly failures?: readonly { readonly reason: string }[];
}

type Provider = Providers[keyof Providers];

/** What the engine does with one resource: check, diff, and create or update. */
async function carryOut(
    provider: Provider,
    old: Bag | undefined,
    given: Bag,
    isIncomplete: boolean,
    save: (saved: Bag) => void = () => undefined,
): Promise<Bag> {
    const checked = (await provider.check(old ?? {}, given)) as Checked;
    const { inputs = {}, failures = [] } = checked;
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    const plan = old && (await provider.diff(String(old.orderId), old, inputs));
    if (old && plan?.changes === false && !isIncomplete) return old;
    try {
        const isUpdate = old !== undefined && (plan?.replaces ?? []).length === 0;
        const done = isUpdate
            ? await provider.update(String(old.orderId), old, inputs)
            : await provider.create(inputs);
        return stored(done.outs as Bag);
    } catch (error) {
        const { properties } = error as { properties?: Bag };
        if (properties) save(stored(properties));
        throw error;
    }
}

/** As it comes back from the state file. */
function stored(bag: Bag): Bag {
    return JSON.parse(JSON.stringify(bag)) as Bag;
}
