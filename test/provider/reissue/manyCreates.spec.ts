import assert from "node:assert/strict";
import { Agent, type Dispatcher } from "undici";
import { CertCentral } from "../../../provider/core/certcentral/client.js";
import { Limiter } from "../../../provider/core/certcentral/limiter.js";
import { makeProviders } from "../../../provider/dynamic/provider.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../../simulator/index.js";
import { FakeClock } from "../../fixtures/fakeClock.js";

const CREATES = 40;
const RECENT_REISSUES = 3;
const START = Date.UTC(2027, 0, 15, 12);

/** Counts the requests on their way, so that time passes only while nothing else happens. */
class CountingNetwork {
    #onTheirWay = 0;
    readonly #agent = new Agent();
    readonly dispatcher: Dispatcher = this.#agent.compose((dispatch) => (options, handler) => {
        this.#onTheirWay++;
        return dispatch(options, {
            onRequestStart: (...start) => handler.onRequestStart?.(...start),
            onResponseStart: (...start) => handler.onResponseStart?.(...start),
            onResponseData: (...data) => handler.onResponseData?.(...data),
            onResponseEnd: (...end) => {
                this.#onTheirWay--;
                handler.onResponseEnd?.(...end);
            },
            onResponseError: (...error) => {
                this.#onTheirWay--;
                handler.onResponseError?.(...error);
            },
        });
    });

    async whileTimePasses<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
        const end = new AbortController();
        const done = work.finally(() => {
            end.abort();
        });
        done.catch(() => undefined);
        for (let idleTurns = 0; !end.signal.aborted;) {
            await new Promise((resolve) => setImmediate(resolve));
            idleTurns = this.#onTheirWay === 0 ? idleTurns + 1 : 0;
            if (idleTurns > 5) await clock.advance(50);
        }
        return done;
    }

    close(): Promise<void> {
        return this.#agent.destroy();
    }
}

/** Against a server that enforces DigiCert's windows exactly, on a clock that no busy machine slows down. */
describe("many creates at once", function () {
    this.timeout(120_000);
    const clock = new FakeClock();
    const network = new CountingNetwork();
    const warnings: Error[] = [];
    const note = (warning: Error): void => {
        warnings.push(warning);
    };
    let simulator: Simulator;

    before(async () => {
        process.on("warning", note);
        simulator = await startSimulator({
            rateLimit: true,
            clock: () => new Date(START + clock.now()),
            policy: { approval: "auto", domains: "validated", omitFromReads: ["csr"] },
        });
    });
    after(async () => {
        process.off("warning", note);
        await simulator.close();
        await network.close();
    });

    it("all succeed where the orders tell no CSR, so that recent reissues have to be downloaded", async () => {
        const [{ csrPem: csr }, other] = await Promise.all([
            makeKeyAndCsr({ commonName: "shop.example" }),
            makeKeyAndCsr({ commonName: "shop.example" }),
        ]);
        const orders: number[] = [];
        for (let nth = 0; nth < CREATES; nth++) {
            const { orderId } = await simulator.seedOrder({ commonName: "shop.example" });
            for (let one = 0; one < RECENT_REISSUES; one++) {
                await simulator.reissueInConsole(orderId, { csr: other.csrPem });
            }
            orders.push(orderId);
        }
        const limiter = new Limiter(undefined, clock);
        const { reissue: provider } = makeProviders({
            now: () => new Date(START + clock.now()),
            elapsed: () => clock.now(),
            sleep: (ms) => clock.sleep(ms),
            env: { DIGICERT_API_KEY: simulator.apiKey, DIGICERT_BASE_URL: simulator.baseUrl },
            log: () => undefined,
            connect: (settings) =>
                Promise.resolve(new CertCentral(settings, network.dispatcher, undefined, limiter)),
        });
        const statuses = await network.whileTimePasses(
            clock,
            Promise.all(
                orders.map(async (orderId, nth) => {
                    const inputs = { orderId, certificate: { commonName: "shop.example", csr } };
                    const bag = { ...inputs, identity: `project/stack/shop${nth}`, __provider: "" };
                    const checked = await provider.check({}, bag);
                    assert.deepEqual(checked.failures, []);
                    const created = await provider.create(checked.inputs as Record<string, unknown>);
                    return (created.outs as { status: string }).status;
                }),
            ),
        );
        assert.deepEqual(new Set(statuses), new Set(["issued"]));
        assert.deepEqual(new Set(orders.map((id) => simulator.committedReissues(id))), new Set([1]));
        await new Promise((resolve) => setImmediate(resolve));
        assert.deepEqual(warnings, []);
        const refused = simulator.requests.filter(({ status }) => status === 429);
        assert.deepEqual(refused, []);
    });
});
