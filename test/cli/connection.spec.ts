import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { connect, type ConnectionFlags } from "../../cli/connection.js";
import { checkAccount } from "../../cli/doctor/account.js";

const US = "https://www.digicert.com/services/v2";
const EU = "https://certcentral.digicert.eu/services/v2";
const OTHER = "https://certcentral.example/services/v2";

describe("the connection of the commands", () => {
    async function addressFor(flags: ConnectionFlags, env: Record<string, string>): Promise<string> {
        const silent = { write: () => true };
        const { settings } = await connect(flags, {
            stdin: Readable.from([]),
            stdout: silent,
            stderr: silent,
            env: { DIGICERT_API_KEY: "0123456789", ...env },
            now: () => new Date(),
            waitForStop: () => Promise.resolve(),
        });
        return settings.baseUrl;
    }

    const cases: [flags: ConnectionFlags, env: Record<string, string>, address: string][] = [
        [{}, {}, US],
        [{}, { DIGICERT_REGION: "eu" }, EU],
        [{}, { DIGICERT_BASE_URL: OTHER, DIGICERT_REGION: "eu" }, OTHER],
        [{ region: "us" }, { DIGICERT_REGION: "eu" }, US],
        // --region wins over an address in the environment.
        [{ region: "eu" }, { DIGICERT_BASE_URL: OTHER }, EU],
        [{ baseUrl: OTHER }, { DIGICERT_BASE_URL: EU, DIGICERT_REGION: "us" }, OTHER],
        [{ baseUrl: OTHER, region: "eu" }, {}, OTHER],
    ];
    for (const [flags, env, address] of cases) {
        it(`goes to ${address} with options ${JSON.stringify(flags)} and environment ${JSON.stringify(env)}`, async () => {
            assert.equal(await addressFor(flags, env), address);
        });
    }

    it("names the region of DigiCert's two addresses", async () => {
        const client = { me: () => Promise.resolve({ id: 1 }) };
        const regions = [US, EU, OTHER].map(async (url) => (await checkAccount(client, url)).region);
        assert.deepEqual(await Promise.all(regions), ["us", "eu", undefined]);
    });
});
