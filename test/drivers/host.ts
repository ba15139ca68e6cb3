/** Plays the contract over Pulumi's real host process for dynamic providers, with the calls of the engine. */
import { type DynamicHost, type HostClient, startHost } from "../engine/host.js";
import { MovedClock } from "../engine/movedClock.js";
import { copyPackage } from "../engine/packageCopy.js";
import { wrapMethods } from "../fixtures/methods.js";
import type { Simulator } from "../../simulator/index.js";
import { SETTLE_SECONDS } from "./driver.js";
import { ImitatedStack, type Line } from "./imitated.js";
import { keepsProvider } from "./invariants.js";

/** A host process, which many stacks use one after the other. */
export class SharedHost {
    #host: Promise<DynamicHost> | undefined;
    readonly #clock = new MovedClock();
    #runs = 0;
    #printed = 0;

    /** A stack whose provider runs in the host. */
    stack(simulator: Simulator): ImitatedStack {
        return new ImitatedStack(simulator, false, async ({ env = {}, config = {} }) => {
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
            this.#printed = host.output.length;
            return {
                calls: wrapMethods(client, keepsProvider(client.provider)),
                lines: () => this.#lines(client, host),
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
    async #lines(client: HostClient, host: DynamicHost): Promise<Line[]> {
        this.#runs += 1;
        const end = `end of run ${this.#runs}`;
        await client.check({}, { say: end });
        await host.waitForLine(new RegExp(`^${end}$`));
        const lines = host.output.slice(this.#printed).split("\n");
        this.#printed = host.output.length;
        return lines.filter((line) => line !== "" && line !== end).map((text) => ({ text }));
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
