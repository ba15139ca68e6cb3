/** A stack driven through Pulumi's real provider host, as the engine drives it. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import type { ReissueState } from "../../provider/core/reissue/state.js";
import { readCsr } from "../../provider/core/x509/csr.js";
import { type DynamicHost, type HostClient, PartialFailure } from "../engine/host.js";
import {
    ImitatedEngine,
    type Props,
    type ProviderCalls,
    type Recorded,
    type Step,
} from "../engine/imitation.js";
import { type MovedClock } from "../engine/movedClock.js";
import { copyPackage } from "../engine/packageCopy.js";
import type { RecordedRequest, Simulator } from "../../simulator/index.js";

/** What one command did. */
export interface Run {
    /** About the resource `shop`. */
    readonly did: Step["did"];
    /** About further resources, by name. */
    readonly others: Readonly<Record<string, Step["did"]>>;
    /** Why the run failed; none means that it succeeded. */
    readonly failure: string | undefined;
    /** Lines that the provider printed in the update. */
    readonly lines: readonly string[];
    /** Lines that it printed in the preview before. */
    readonly preview: readonly string[];
    /** Everything a person reads. */
    readonly text: string;
    /** As `GET /order/certificate/:id`, in the order of their arrival. */
    readonly requests: readonly string[];
    readonly recorded: readonly RecordedRequest[];
    readonly posts: number;
}

/** What a stack runs on. */
export interface Surroundings {
    readonly host: DynamicHost;
    readonly simulator: Simulator;
    readonly clock: MovedClock;
}

/** What a part of a run came to. */
type Seen<T> = Pick<Run, "lines" | "recorded" | "requests"> & { result: T };
type Phase = <T>(step: (provider: ProviderCalls) => Promise<T>) => Promise<Seen<T>>;

const RESOURCE = "shop";
let runs = 0;

/** The resource `shop`, and others where a test needs them. */
export class HostStack {
    readonly #around: Surroundings;
    readonly #engine: ImitatedEngine;

    constructor(
        around: Surroundings,
        /** Stack config beside key, address and `pollSeconds`. */
        readonly config: Readonly<Record<string, string>> = {},
        engine = new ImitatedEngine(),
    ) {
        this.#engine = engine;
        this.#around = around;
    }

    /** The same stack, with other config. */
    as(config: Readonly<Record<string, string>>): HostStack {
        return new HostStack(this.#around, config, this.#engine);
    }

    /** The outputs in the state; throws if there is no resource. */
    get state(): ReissueState {
        return this.recorded().outputs as unknown as ReissueState;
    }

    /** The inputs in the state. */
    get inputs(): Props {
        return this.recorded().inputs;
    }

    /** Whether the last update failed partly, so that the next `up` is an update whatever diff says. */
    get hasFailed(): boolean {
        return this.recorded().initErrors.length > 0;
    }

    get isEmpty(): boolean {
        return this.#engine.resources.size === 0;
    }

    recorded(name = RESOURCE): Recorded {
        const found = this.#engine.resources.get(name);
        assert.ok(found, `there is no resource ${name}`);
        return found;
    }

    /** Goes back to an earlier state, as after a run that was killed. */
    restore(recorded: Recorded): void {
        this.#engine.resources.set(RESOURCE, recorded);
    }

    /** `pulumi preview`: refuses, or tells what an update would do. No request is made. */
    preview(args: Props | undefined, others: Readonly<Record<string, Props>> = {}): Promise<Run> {
        return this.#inProcess((phase) => this.#preview(phase, programOf(args, others)));
    }

    /** `pulumi up`: a preview, which ends it if something is refused, and the update. */
    up(args: Props | undefined, others: Readonly<Record<string, Props>> = {}): Promise<Run> {
        const program = programOf(args, others);
        // A preview leaves nothing in the process that an update would not, so that one will do for both.
        return this.#inProcess(async (phase) => {
            const preview = await this.#preview(phase, program);
            if (preview.failure !== undefined) return preview;
            const { result, ...seen } = await phase(async (provider) =>
                this.#engine.carryOut(provider, await this.#engine.plan(provider, program)),
            );
            const run = tell(result, preview.lines, seen);
            const shown = [preview.did, preview.others];
            if (run.failure === undefined) {
                assert.deepEqual([run.did, run.others], shown, "what preview shows is done");
            }
            this.#assertInvariants();
            return run;
        });
    }

    async #preview(phase: Phase, program: Readonly<Record<string, Props>>): Promise<Run> {
        const { result, ...seen } = await phase((provider) => this.#engine.plan(provider, program));
        assert.deepEqual(seen.requests, [], "a preview makes no request");
        return tell(result, seen.lines, seen);
    }

    /** `pulumi refresh`; `did` is `update` if the live order differs from the inputs. */
    async refresh(): Promise<Run> {
        const { result, ...seen } = await this.#run(async (provider): Promise<Step[]> => {
            const names = [...this.#engine.resources.keys()];
            try {
                const drifted = await this.#engine.refresh(provider);
                return names.map((name) => ({
                    name,
                    did: drifted.includes(name) ? "update" : "nothing",
                    inputs: {},
                }));
            } catch (error) {
                return names.map((name) => ({
                    name,
                    did: "refused",
                    inputs: {},
                    failure: (error as Error).message,
                }));
            }
        });
        this.#assertInvariants();
        return tell(result, [], seen);
    }

    /** `pulumi destroy`, which does not run the program. */
    async destroy(): Promise<Run> {
        const { result, ...seen } = await this.#run((provider) => this.#engine.destroy(provider));
        return tell(result, [], seen);
    }

    /** `DigiCertReissue.get`: a read without inputs. */
    async get(orderId: string): Promise<ReissueState> {
        const { result } = await this.#run((provider) => provider.read(orderId, {}));
        return result.props as unknown as ReissueState;
    }

    /** One run with a provider of its own. */
    #run<T>(step: (provider: ProviderCalls) => Promise<T>): Promise<Seen<T>> {
        return this.#inProcess((phase) => phase(step));
    }

    async #inProcess<T>(work: (phase: Phase) => Promise<T>): Promise<T> {
        const { host, simulator, clock } = this.#around;
        const copy = copyPackage();
        try {
            clock.set(simulator.now());
            const client = host.withProvider(providerText(copy.stub));
            await client.configure(
                { "digicert:baseUrl": simulator.baseUrl, "digicert:pollSeconds": "0.05", ...this.config },
                { "digicert:apiKey": this.config["digicert:apiKey"] ?? simulator.apiKey },
            );
            return await work((step) => this.#see(client, step));
        } finally {
            copy.dispose();
        }
    }

    async #see<T>(client: HostClient, step: (provider: ProviderCalls) => Promise<T>): Promise<Seen<T>> {
        const { host, simulator } = this.#around;
        const before = simulator.requests.length;
        const printed = host.output.length;
        const result = await step(keepingProvider(client));
        const lines = await linesSince(client, host, printed);
        assert.ok(!lines.join().includes(simulator.apiKey), "the API key is never printed");
        const recorded = simulator.requests.slice(before);
        const requests = recorded.map(({ method, pathname }) => nameOf(method, pathname));
        return { result, lines, recorded, requests };
    }

    /** What holds after each command. */
    #assertInvariants(): void {
        for (const { outputs } of this.#engine.resources.values()) {
            const { certificatePem, certificate, ...state } = outputs as unknown as ReissueState;
            assert.ok(
                !JSON.stringify(outputs).includes(this.#around.simulator.apiKey),
                "the API key in the state",
            );
            const { chainPem, serialNumber, thumbprint, validFrom, validTill } = state;
            if (certificatePem === undefined) {
                const about = { chainPem, serialNumber, thumbprint, validFrom, validTill };
                assert.deepEqual(Object.values(about).filter(Boolean), [], "outputs of no certificate");
            } else {
                const { publicKey } = new X509Certificate(certificatePem);
                assert.ok(readCsr(certificate.csr).key.equals(publicKey), "a certificate with another key");
            }
        }
    }
}

function programOf(args: Props | undefined, others: Readonly<Record<string, Props>>): Record<string, Props> {
    const all = { ...(args && { [RESOURCE]: args }), ...others };
    return Object.fromEntries(
        Object.entries(all).map(([name, one]) => [name, { identity: `project/dev/${name}`, ...one }]),
    );
}

/**
 * The provider's text, another one in each run: the host then asks it for a handler, which loads a copy of the package,
 * as a process of its own would load the package, only faster. It prints what `check` is given as `say`.
 */
function providerText(stub: string): string {
    return `exports.handler = () => {
        const stub = require(${JSON.stringify(stub)});
        const say = (text) => { console.log(text); return { inputs: {}, failures: [] }; };
        return { ...stub, check: (olds, news) => "say" in news ? say(news.say) : stub.check(olds, news) };
    };`;
}

/** What is printed arrives by another way than the answers, so the end of it is marked. */
async function linesSince(client: HostClient, host: DynamicHost, start: number): Promise<string[]> {
    runs += 1;
    const end = `end of run ${runs}`;
    await client.check({}, { say: end });
    await host.waitForLine(new RegExp(`^${end}$`));
    return host.output
        .slice(start)
        .split("\n")
        .filter((line) => line !== "" && line !== end);
}

/** The engine keeps the properties of a partial failure as they are; without the provider's text they are of no use. */
function keepingProvider(client: HostClient): ProviderCalls {
    const kept = async <T>(call: Promise<T>): Promise<T> => {
        try {
            return await call;
        } catch (error) {
            if (!(error instanceof PartialFailure)) throw error;
            const { __provider, ...properties } = error.properties;
            assert.equal(__provider, client.provider, "a partial failure without the provider's text");
            throw Object.assign(new Error(error.message), {
                id: error.id,
                properties,
                reasons: error.reasons,
            });
        }
    };
    return {
        check: (olds, news) => client.check(olds, news),
        diff: (id, olds, news) => client.diff(id, olds, news),
        create: (inputs) => kept(client.create(inputs)),
        update: (id, olds, news) => kept(client.update(id, olds, news)),
        read: (id, props) => client.read(id, props),
        delete: (id, props) => client.delete(id, props),
    };
}

function tell(
    steps: readonly Step[],
    preview: readonly string[],
    { lines, recorded, requests }: Omit<Seen<unknown>, "result">,
): Run {
    const failures = steps.flatMap(({ failure }) => failure ?? []);
    const did = Object.fromEntries(steps.map((step) => [step.name, step.did]));
    const { [RESOURCE]: shop = "nothing", ...others } = did;
    const text = [...lines, ...failures].join("\n");
    assert.doesNotMatch(text, /\n\s+at .+[(:]/, "a stack trace");
    return {
        did: shop,
        others,
        failure: failures.length > 0 ? failures.join("\n") : undefined,
        lines,
        preview,
        text,
        requests,
        recorded,
        posts: requests.filter((request) => request.startsWith("POST ")).length,
    };
}

function nameOf(method: string, pathname: string): string {
    return `${method} ${pathname.replace("/services/v2", "").replace(/\/\d+/g, "/:id")}`;
}
