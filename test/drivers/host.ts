/** The contract over Pulumi's real host process for dynamic providers, called as the engine calls it. */
import assert from "node:assert/strict";
import { type DynamicHost, type HostClient, PartialFailure, startHost } from "../engine/host.js";
import type { ProviderCalls } from "../engine/imitation.js";
import { MovedClock } from "../engine/movedClock.js";
import { copyPackage } from "../engine/packageCopy.js";
import type { Simulator } from "../../simulator/index.js";
import { SETTLE_SECONDS } from "./driver.js";
import { ImitatedStack } from "./imitated.js";

/** One host process, which many stacks use in turn. */
export class SharedHost {
    #host: Promise<DynamicHost> | undefined;
    readonly #clock = new MovedClock();
    #runs = 0;

    /** A stack whose provider runs in the host. */
    stack(simulator: Simulator): ImitatedStack {
        return new ImitatedStack(simulator, async ({ env = {}, config = {} }) => {
            const host = await (this.#host ??= startHost({ env: this.#clock.env }));
            const copy = copyPackage();
            this.#clock.set(simulator.now());
            const client = host.withProvider(providerText(copy.stub, env));
            await client.configure(
                {
                    "digicert:baseUrl": simulator.baseUrl,
                    "digicert:pollSeconds": "0.05",
                    "digicert:settleSeconds": String(SETTLE_SECONDS),
                    ...config,
                },
                { "digicert:apiKey": config["digicert:apiKey"] ?? simulator.apiKey },
            );
            let printed = host.output.length;
            return {
                calls: keepingProvider(client),
                lines: async () => {
                    const lines = await this.#linesSince(client, host, printed);
                    printed = host.output.length;
                    return lines;
                },
                close: () => {
                    copy.dispose();
                },
            };
        });
    }

    async close(): Promise<void> {
        await (await this.#host)?.close();
        this.#clock.dispose();
    }

    /** What is printed arrives by another way than the answers, so the end of it is marked. */
    async #linesSince(client: HostClient, host: DynamicHost, start: number): Promise<string[]> {
        this.#runs += 1;
        const end = `end of run ${this.#runs}`;
        await client.check({}, { say: end });
        await host.waitForLine(new RegExp(`^${end}$`));
        return host.output
            .slice(start)
            .split("\n")
            .filter((line) => line !== "" && line !== end);
    }
}

/**
 * The provider's text, another one in each run: the host then asks it for a handler, which loads a copy of the package,
 * as a process of its own would load the package, only faster. It prints what `check` is given as `say`.
 */
function providerText(stub: string, env: Readonly<Record<string, string>>): string {
    return `exports.handler = () => {
        for (const name of Object.keys(process.env)) if (name.startsWith("DIGICERT_")) delete process.env[name];
        Object.assign(process.env, ${JSON.stringify(env)});
        const stub = require(${JSON.stringify(stub)});
        const say = (text) => { console.log(text); return { inputs: {}, failures: [] }; };
        return { ...stub, check: (olds, news) => "say" in news ? say(news.say) : stub.check(olds, news) };
    };`;
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
            const { id, reasons } = error;
            throw Object.assign(new Error(error.message), { id, properties, reasons });
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
