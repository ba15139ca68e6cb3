/**
 * Plays a fleet: each day people and DigiCert do what the stories say, then each stack runs `up`, against one
 * simulator on a moving clock.
 *
 * @module
 */
import { X509Certificate } from "node:crypto";
import { csrPem, keyPair, type KeyPair } from "../../../test/fixtures/csr.js";
import { parseCsr } from "../../../simulator/csr.js";
import { type OrderView, type Simulator, startSimulator } from "../../../simulator/index.js";
import { inProcess, type Run, type StackDriver } from "../stack.js";
import { respelt } from "./respelt.js";
import {
    DAY,
    HOUR_OF_RUN,
    PLAN_DAYS,
    programOn,
    REPEATED_AFTER,
    type Fleet,
    type Program,
    type Story,
} from "./stories.js";

const NAME = "shop.example";

/** What was seen of one day's run. */
export interface Observed {
    readonly run: Run;
    /** Reissues that were not settled when it was over. */
    readonly pending: number;
    /** Whether dependents have a certificate that is valid and not revoked. */
    readonly isCovered: boolean;
    /** Whether the state's certificate, if it has one, has the key of its CSR. */
    readonly isKeysOwn: boolean;
}

/** A story and what was seen of it. */
export interface Diary {
    readonly story: Story;
    readonly days: readonly Observed[];
    /** Reissues that DigiCert accepted, by id of the order. */
    readonly accepted: Readonly<Record<number, number>>;
}

/** Plays all stories of a fleet side by side. */
export async function play(fleet: Fleet, stories: readonly Story[]): Promise<Diary[]> {
    // A clock that only moves when it is told to, so that each year is the same.
    const simulator = await startSimulator({
        clock: () => fleet.start,
        policy: { maxValidityDays: fleet.lifetime },
    });
    try {
        const actors: Actor[] = [];
        for (const [index, story] of stories.entries()) {
            actors.push(await Actor.of(story, simulator, fleet, index));
        }
        for (let day = 0; day < fleet.days; day++) {
            const time = fleet.start.getTime() + day * DAY + HOUR_OF_RUN * (DAY / 24);
            simulator.advance(time - simulator.now().getTime());
            simulator.clearRequests();
            for (const actor of actors) await actor.play(day);
        }
        return actors.map((actor) => actor.diary());
    } finally {
        await simulator.close();
    }
}

/** One order, and its stack. */
class Actor {
    readonly #stack: StackDriver;
    readonly #days: Observed[] = [];
    readonly #keys: Readonly<Record<NonNullable<Program["key"]>, KeyPair>>;
    readonly #csrs: Readonly<Record<NonNullable<Program["key"]>, string>>;
    #orderIds: number[] = [];
    /** Reissues that were not settled after the last run. */
    #pending: OrderView["certificates"] = [];
    #rejectedOn: number | undefined;
    /** Serial numbers of what somebody revoked. */
    readonly #revoked = new Set<string>();
    /** Certificate that dependents were handed by the last run that succeeded. */
    #deployed: string | undefined;

    private constructor(
        readonly story: Story,
        readonly simulator: Simulator,
        readonly fleet: Fleet,
        readonly index: number,
    ) {
        this.#stack = inProcess(simulator);
        // RSA is the quickest to verify; a fresh signature over the same content needs ECDSA.
        this.#keys = {
            first: keyPair(story.respelt ? "P-256" : "RSA 2048"),
            second: keyPair("P-384"),
        };
        this.#csrs = { first: csrPem(this.#keys.first), second: csrPem(this.#keys.second) };
    }

    static async of(story: Story, simulator: Simulator, fleet: Fleet, index: number): Promise<Actor> {
        const actor = new Actor(story, simulator, fleet, index);
        const lastDay = new Date(fleet.start.getTime() + (story.planDays ?? PLAN_DAYS) * DAY);
        await actor.#placeOrder(lastDay);
        return actor;
    }

    async play(day: number): Promise<void> {
        await this.#othersAct(day);
        const program = this.#programOn(day);
        if (program.order === 1 && this.#orderIds.length === 1) {
            await this.#placeOrder(new Date(this.fleet.start.getTime() + (day + PLAN_DAYS) * DAY));
        }
        const run = await this.#stack.up(this.#args(program, day));
        if (run.failure === undefined)
            this.#deployed = this.#stack.resource()?.outputs.certificatePem ?? this.#deployed;
        this.#pending = this.#order().certificates.filter(({ status }) => status === "pending");
        this.#days.push({
            run,
            pending: this.#pending.length,
            isCovered: this.#isCovered(),
            isKeysOwn: this.#isKeysOwn(),
        });
    }

    diary(): Diary {
        const accepted = this.#orderIds.map((id) => [id, this.simulator.committedReissues(id)] as const);
        return { story: this.story, days: this.#days, accepted: Object.fromEntries(accepted) };
    }

    #order(): OrderView {
        return this.simulator.order(this.#orderIds.at(-1) ?? 0);
    }

    async #placeOrder(orderValidTill: Date): Promise<void> {
        const { person, issuanceDays = 0, autoReissue = false, isAdopted, losesAnswer } = this.story;
        const { orderId } = await this.simulator.seedOrder({
            commonName: NAME,
            csr: isAdopted ? this.#csrs.first : csrPem(keyPair("P-384")),
            orderValidTill,
            autoReissue,
            policy: { approval: person?.does === "approves" ? "required" : "auto" },
        });
        // The first certificate is there already; what follows takes its time.
        this.simulator.policy(orderId, {
            issuanceMs: issuanceDays * DAY,
            domains: person?.does === "publishes" ? "unvalidated" : "validated",
        });
        if (losesAnswer !== undefined) {
            const path = `/order/certificate/${orderId}/reissue`;
            this.simulator.fault({ method: "POST", path, nth: losesAnswer, kind: "lost-answer" });
        }
        this.#orderIds.push(orderId);
    }

    async #othersAct(day: number): Promise<void> {
        if (this.story.person && this.#pending.length > 0) await this.#personActs(this.story.person, day);
        const { console: somebody, refresh } = this.story.days?.[day] ?? {};
        if (refresh) await this.#stack.refresh();
        if (!somebody) return;
        const order = this.#order();
        if (somebody === "revokes") {
            this.simulator.revoke(order.current.certificateId);
            this.#revoked.add(order.current.serialNumber ?? "");
        }
        if (somebody === "re-keys") await this.simulator.reissueInConsole(order.orderId);
    }

    async #personActs(person: NonNullable<Story["person"]>, day: number): Promise<void> {
        const [pending] = this.#pending;
        if (!pending) return;
        const askedOn = Math.floor((pending.dateCreated.getTime() - this.fleet.start.getTime()) / DAY);
        if (day < askedOn + person.afterDays) return;
        const { orderId, requests } = this.#order();
        if (person.does === "publishes") {
            await this.simulator.issue(orderId);
            return;
        }
        const reissues = requests.filter(({ type }) => type === "reissue");
        const request = reissues.find(({ status }) => status === "pending");
        if (!request) return;
        if (reissues.indexOf(request) + 1 === this.story.rejects) {
            await this.simulator.reject(request.requestId, "not today");
            this.#rejectedOn = day;
        } else await this.simulator.approve(request.requestId);
    }

    #programOn(day: number): Program {
        const program = programOn(this.story, day);
        const isRepeated = this.#rejectedOn !== undefined && day >= this.#rejectedOn + REPEATED_AFTER;
        return isRepeated ? { ...program, trigger: "again" } : program;
    }

    #args({ trigger, names = [], key = "first", comments }: Program, day: number): Record<string, unknown> {
        const args = {
            orderId: this.#orderIds.at(-1) ?? 0,
            certificate: { commonName: NAME, dnsNames: [...names], csr: this.#csrs[key] },
            identity: `project/stack/shop-${this.index}`,
            ...(trigger === undefined ? {} : { triggers: { trigger } }),
            ...(comments === undefined ? {} : { comments }),
            ...(this.story.isAdopted ? { adoptExisting: true } : {}),
            ...this.story.settings,
        };
        return this.story.respelt ? respelt(args, this.#keys[key], day) : args;
    }

    /** Whether what dependents have is valid now, and nobody revoked it. */
    #isCovered(): boolean {
        if (this.#deployed === undefined) return false;
        const { serialNumber, from, till } = factsOf(this.#deployed);
        const now = this.simulator.now().getTime();
        return from <= now && now < till && !this.#revoked.has(serialNumber);
    }

    /** Whether the certificate in state, if there is one, has the key of the CSR in state. */
    #isKeysOwn(): boolean {
        const { certificatePem, certificate } = this.#stack.resource()?.outputs ?? {};
        if (certificatePem === undefined) return true;
        return factsOf(certificatePem).spki === spkiOf(certificate?.csr ?? "");
    }
}

/** The same few certificates and CSRs are looked at every day. */
const factsOf = remembered((pem: string) => {
    const { serialNumber, validFrom, validTo, publicKey } = new X509Certificate(pem);
    const spki = publicKey.export({ format: "der", type: "spki" }).toString("hex");
    return { serialNumber, spki, from: Date.parse(validFrom), till: Date.parse(validTo) };
});
const spkiOf = remembered((csr: string) => parseCsr(csr).spki.toString("hex"));

function remembered<T>(read: (text: string) => T): (text: string) => T {
    const known = new Map<string, T>();
    return (text) => {
        const value = known.get(text) ?? read(text);
        known.set(text, value);
        return value;
    };
}
