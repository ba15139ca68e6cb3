/** `npm run stress -- soak`: many reissues in one provider process, and what they leave behind in it. */
import { startHost, type HostClient } from "../../test/engine/host.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { type Campaign } from "./campaign.js";

/** What the host's process holds, after a garbage collection. */
export interface Sample {
    readonly reissues: number;
    readonly heapBytes: number;
    /** Open files and sockets. */
    readonly descriptors: number;
}

const DEFAULT_RUNS = 2000;
/** The quota remembers each request for three minutes, which is some 3 kB per reissue until then. */
const MOST_BYTES_PER_REISSUE = 6000;
const MOST_MORE_DESCRIPTORS = 10;

export const soak: Campaign = {
    summary: `memory and connections of one provider process (default ${DEFAULT_RUNS} reissues)`,
    needsCli: false,
    play: async ({ runs = DEFAULT_RUNS }, say) => {
        const samples = await reissueOften(runs, runs / 20, ({ reissues }) => {
            say(`${reissues} reissues`);
        });
        const problems = judgeSamples(samples);
        for (const problem of problems) say(`FAILED ${problem}`);
        return {
            heads: ["reissues", "heap in MB", "open descriptors"],
            rows: samples.map(({ reissues, heapBytes, descriptors }) => [
                String(reissues),
                (heapBytes / 1024 / 1024).toFixed(1),
                String(descriptors),
            ]),
            notes: [`${growthPerReissue(samples).toFixed(0)} bytes of heap per reissue in the second half`],
            passed: problems.length === 0 ? 1 : 0,
            failed: problems.length,
        };
    },
};

/**
 * What grows that should not.
 *
 * @param mostBytes - heap that a reissue may leave behind: more in a short run, where the heap still grows by compiled code
 */
export function judgeSamples(samples: readonly Sample[], mostBytes = MOST_BYTES_PER_REISSUE): string[] {
    const growth = growthPerReissue(samples);
    const descriptors = samples.map((sample) => sample.descriptors);
    const [first = 0] = descriptors;
    const most = Math.max(...descriptors);
    return [
        ...(growth < mostBytes ? [] : [`the heap grows by ${growth.toFixed(0)} bytes per reissue`]),
        ...(most <= first + MOST_MORE_DESCRIPTORS ? [] : [`open descriptors: ${descriptors.join(", ")}`]),
    ];
}

/** So many accounts, one after the other, because the quota of one allows 1,000 requests in three minutes. */
const REISSUES_PER_ACCOUNT = 250;
/** So many resources of a stack are worked on at a time. */
const ORDERS = 10;

/**
 * The provider, with a way to ask its process what it holds. The number makes a text of its own, for which the host
 * configures the provider again.
 */
const probing = (account: number) => `exports.handler = () => {
    const stub = require("pulumi-digicert/stub");
    const { readdirSync } = require("node:fs");
    require("node:v8").setFlagsFromString("--expose-gc");
    const collect = require("node:vm").runInNewContext("gc");
    const sample = () => {
        collect();
        return { heapBytes: process.memoryUsage().heapUsed, descriptors: readdirSync("/dev/fd").length };
    };
    return { ...stub, check: (olds, news) => "sample" in news ? { inputs: sample(), failures: [] } : stub.check(olds, news) };
}; // ${account}`;

/**
 * Reissues as a stack does, check, diff and update each time, and takes samples on the way.
 *
 * @param reissues - how many, a multiple of 10
 * @param every - reissues between two samples, a multiple of 10
 */
export async function reissueOften(
    reissues: number,
    every: number,
    onSample: (sample: Sample) => void = () => undefined,
): Promise<Sample[]> {
    const host = await startHost();
    const samples: Sample[] = [];
    try {
        for (let done = 0; done < reissues;) {
            const simulator = await startSimulator({ policy: { approval: "auto" } });
            try {
                const client = host.withProvider(probing(done));
                await client.configure({
                    "digicert:baseUrl": simulator.baseUrl,
                    "digicert:apiKey": simulator.apiKey,
                    "digicert:pollSeconds": "0.05",
                });
                const update = await newStack(client, simulator, done);
                const begin = done;
                const end = Math.min(reissues, begin + REISSUES_PER_ACCOUNT);
                while (done < end) {
                    await Promise.all(Array.from({ length: ORDERS }, (_none, order) => update(order)));
                    done += ORDERS;
                    if (done % every > 0) continue;
                    const sample = await takeSample(client, done);
                    samples.push(sample);
                    onSample(sample);
                }
                const made = simulator.orders().map(({ orderId }) => simulator.committedReissues(orderId));
                const sum = made.reduce((total, one) => total + one, 0);
                if (sum !== done - begin)
                    throw new Error(`${sum} certificates were made for ${done - begin} reissues`);
            } finally {
                await simulator.close();
            }
        }
        return samples;
    } finally {
        await host.close();
    }
}

async function takeSample(client: HostClient, reissues: number): Promise<Sample> {
    const { inputs } = await client.check({}, { sample: true });
    return { reissues, ...(inputs as Omit<Sample, "reissues">) };
}

/** Resources for as many orders; the function reissues one of them. */
async function newStack(client: HostClient, simulator: Simulator, account: number) {
    const resources = await Promise.all(
        Array.from({ length: ORDERS }, async (_none, order) => {
            const commonName = `shop${order}.example`;
            // One process does not take the same order twice in one run.
            const { orderId } = await simulator.seedOrder({ commonName, id: 1_000_000 + account + order });
            const { csrPem } = await makeKeyAndCsr({ commonName });
            return {
                orderId,
                commonName,
                csrPem,
                turn: 0,
                state: undefined as Record<string, unknown> | undefined,
            };
        }),
    );
    return async (order: number): Promise<void> => {
        const resource = resources[order];
        if (!resource) throw new Error(`no order ${order}`);
        const { orderId, commonName, csrPem, state } = resource;
        const { inputs, failures } = await client.check(
            {},
            {
                orderId,
                certificate: { commonName, csr: csrPem },
                identity: `project/stack/${account}-${order}`,
                triggers: { turn: String(resource.turn++) },
            },
        );
        if (failures.length > 0) throw new Error(JSON.stringify(failures));
        if (state === undefined) {
            resource.state = (await client.create(inputs)).outs;
            return;
        }
        const id = String(orderId);
        const { changes } = await client.diff(id, state, inputs);
        if (changes !== true) throw new Error("no change was planned");
        resource.state = (await client.update(id, state, inputs)).outs;
        if (resource.state.status !== "issued")
            throw new Error(`order ${id} is ${String(resource.state.status)}`);
    };
}

/** What each reissue of the second half left behind on average, in bytes; noise may make it negative. */
function growthPerReissue(samples: readonly Sample[]): number {
    const later = samples.slice(Math.floor(samples.length / 2) - 1);
    const [first, last] = [later[0], later.at(-1)];
    if (!first || !last || first === last) throw new Error("there are too few samples");
    return (last.heapBytes - first.heapBytes) / (last.reissues - first.reissues);
}
