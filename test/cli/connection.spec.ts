import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { connect, type ConnectionFlags } from "../../cli/connection.js";
import { examineAccount } from "../../cli/doctor/account.js";

const US = "https://www.digicert.com/services/v2";
const EU = "https://certcentral.digicert.eu/services/v2";
const OTHER = "https://certcentral.example/services/v2";

describe("the settings of commands", () => {
    async function addressFor(flags: ConnectionFlags, env: Record<string, string>): Promise<string> {
        const silent = { write: () => true };
        const { settings } = await connect(flags, {
            stdin: Readable.from([]),
            stdout: silent,
            stderr: silent,
            env: { DIGICERT_API_KEY: "0123456789", ...env },
            now: () => new Date(),
            stopped: () => Promise.resolve(),
        });
        return settings.baseUrl;
    }

    const cases: [flags: ConnectionFlags, env: Record<string, string>, address: string][] = [
        [{}, {}, US],
        [{}, { DIGICERT_REGION: "eu" }, EU],
        [{}, { DIGICERT_BASE_URL: OTHER, DIGICERT_REGION: "eu" }, OTHER],
        [{ region: "us" }, { DIGICERT_REGION: "eu" }, US],
        // A region that was asked for is meant, whatever address the environment holds.
        [{ region: "eu" }, { DIGICERT_BASE_URL: OTHER }, EU],
        [{ baseUrl: OTHER }, { DIGICERT_BASE_URL: EU, DIGICERT_REGION: "us" }, OTHER],
        [{ baseUrl: OTHER, region: "eu" }, {}, OTHER],
    ];
    for (const [flags, env, address] of cases) {
        it(`lead to ${address} with ${JSON.stringify(flags)} and ${JSON.stringify(env)}`, async () => {
            assert.equal(await addressFor(flags, env), address);
        });
    }

    it("are named by region where the address is one of DigiCert's", async () => {
        const client = { me: () => Promise.resolve({ id: 1 }) };
        const regions = [US, EU, OTHER].map(async (url) => (await examineAccount(client, url)).region);
        assert.deepEqual(await Promise.all(regions), ["us", "eu", undefined]);
    });
});
