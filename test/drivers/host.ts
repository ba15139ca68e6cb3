/** Plays the contract over Pulumi's real host process for dynamic providers, with the calls of the engine. */
import assert from "node:assert/strict";
import { type DynamicHost, type HostClient, PartialFailure, startHost } from "../engine/host.js";
import type { ProviderCalls } from "../engine/imitation.js";
import { MovedClock } from "../engine/movedClock.js";
import { copyPackage } from "../engine/packageCopy.js";
import type { Simulator } from "../../simulator/index.js";
import { SETTLE_SECONDS } from "./driver.js";
import { ImitatedStack } from "./imitated.js";

/** A host process, which many stacks use one after the other. */
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

    /** Waits for a marker at the end of the output, because output and answers arrive in different streams. */
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
 * Makes the text of the provider, which differs in each run. For a new text the host loads a new copy of the package, as a new
 * process would, but faster. The provider prints the input `say` of a `check`.
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

/** Checks that the properties of a partial failure hold the provider's text: the engine saves them as they are. */
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
