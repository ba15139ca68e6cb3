import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { DigiCertProvider, DigiCertReissue, type DigiCertProviderArgs } from "../../sdk/nodejs/index.js";
import { Provider, Reissue, Validation } from "../../sdk/nodejs/plugin/index.js";
import { readSettings } from "../../provider/core/settings.js";
import { mockEngine, valueOf, type MockEngine } from "../fixtures/engine.js";

const KEY = "0123456789ABCDEF0123456789ABCDEF";
const SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270";

/** A secret as it is sent to an engine. */
interface Sealed {
    readonly value: unknown;
}

function unsealed(value: unknown): unknown {
    const isSealed =
        typeof value === "object" && value !== null && Object.values(value).includes(SECRET_MARK);
    return isSealed ? (value as Sealed).value : value;
}

describe("DigiCertProvider", () => {
    let engine: MockEngine;
    beforeEach(async () => {
        engine = await mockEngine();
    });

    async function inputsOf(args: DigiCertProviderArgs): Promise<Record<string, unknown>> {
        await valueOf(new DigiCertProvider("eu", args).urn);
        return engine.registered[0]?.inputs ?? {};
    }

    it("is a provider of Pulumi's dynamic resources", async () => {
        await inputsOf({ apiKey: KEY });
        assert.equal(engine.registered[0]?.type, "pulumi:providers:pulumi-nodejs");
        assert.ok(pulumi.ProviderResource.isInstance(new DigiCertProvider("other", { apiKey: KEY })));
    });

    it("keeps its key encrypted, also when the program forgot to", async () => {
        for (const apiKey of [KEY, pulumi.secret(KEY), pulumi.output(KEY)]) {
            engine.registered.length = 0;
            const inputs = await inputsOf({ apiKey });
            assert.notEqual(inputs["digicert:apiKey"], KEY);
            assert.equal(unsealed(inputs["digicert:apiKey"]), KEY);
        }
    });

    it("hands over its settings so that nothing else can fill in for them", async () => {
        const inputs = await inputsOf({
            apiKey: KEY,
            region: "eu",
            pollSeconds: pulumi.output(2),
            requestTimeoutSeconds: 7.5,
        });
        const settings = readSettings({
            config: (key) => unsealed(inputs[key]) as string | undefined,
            env: {
                DIGICERT_API_KEY: "another",
                DIGICERT_REGION: "us",
                DIGICERT_BASE_URL: "https://env.example",
            },
        });
        assert.deepEqual(
            [settings.apiKey(), settings.baseUrl, settings.pollSeconds, settings.requestTimeoutSeconds],
            [KEY, "https://certcentral.digicert.eu/services/v2", 2, 7.5],
        );
    });

    it("hands over nothing but text, and nothing that is not set", async () => {
        const inputs = await inputsOf({ apiKey: KEY, baseUrl: "https://own.example/v2", pollSeconds: 3 });
        assert.deepEqual(
            Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, unsealed(value)])),
            {
                "digicert:explicit": "true",
                "digicert:apiKey": KEY,
                "digicert:baseUrl": "https://own.example/v2",
                "digicert:pollSeconds": "3",
            },
        );
    });

    it("takes null, and an output without a value, for absent", async () => {
        const args = {
            apiKey: KEY,
            region: null,
            pollSeconds: null,
            settleSeconds: pulumi.output(undefined),
        };
        const inputs = await inputsOf(args as unknown as DigiCertProviderArgs);
        const config = (key: string) => unsealed(inputs[key]) as string | undefined;
        const { baseUrl, pollSeconds, settleSeconds } = readSettings({ config, env: {} });
        assert.deepEqual(
            [baseUrl, pollSeconds, settleSeconds],
            ["https://www.digicert.com/services/v2", 10, 60],
        );
    });

    it("refuses an argument that is no setting, by its name, without its value", () => {
        const args = { apiKey: KEY, reigon: "europe" };
        assert.throws(() => new DigiCertProvider("eu", args), {
            message:
                /^Making the DigiCertProvider "eu": reigon is not a setting\. Settings: apiKey, region, (?!.*europe)/,
        });
    });

    it("is the provider of the resources that name it", async () => {
        const provider = new DigiCertProvider("eu", { apiKey: KEY });
        const certificate = { commonName: "shop.example", csr: "CSR" };
        const own = new DigiCertReissue("shop", { orderId: 1, certificate }, { provider });
        const plain = new DigiCertReissue("other", { orderId: 2, certificate });
        await Promise.all([valueOf(own.urn), valueOf(plain.urn)]);
        const providerOf = (name: string) => engine.registered.find((one) => one.name === name)?.provider;
        assert.match(providerOf("shop") ?? "", /pulumi:providers:pulumi-nodejs::eu::/);
        assert.doesNotMatch(providerOf("other") ?? "", /::eu::/);
    });
});

describe("Provider, of the plugin,", () => {
    it("hands a setting whose name is misspelt over as a secret, so that the plugin refuses it by its name", async () => {
        const engine = await mockEngine();
        const args = { apiKey: KEY, reigon: "eu", apikey: KEY.toLowerCase() };
        await valueOf(new Provider("eu", args).urn);
        const { inputs = {} } = engine.registered[0] ?? {};
        assert.deepEqual(Object.keys(inputs).sort(), ["apiKey", "apikey", "reigon"]);
        for (const [name, value] of Object.entries(args)) {
            assert.notEqual(inputs[name], value);
            assert.equal(unsealed(inputs[name]), value);
        }
    });

    it("is what the plugin's resources take: the provider of a program that only half moved is refused, by its name", async () => {
        await mockEngine();
        const dynamic = new DigiCertProvider("eu", { apiKey: KEY });
        const own = new Provider("eu", { apiKey: KEY });
        const args = { orderId: 1, certificate: { commonName: "shop.example", csr: "" }, reissueId: "1" };
        for (const Resource of [Reissue, Validation]) {
            assert.throws(
                () => new Resource("shop", args, { provider: dynamic }),
                /^Error: Making the (?:Reissue|Validation) "shop": a DigiCertProvider serves dynamic resources only\. Pass a Provider/,
            );
            await valueOf(new Resource("shop", args, { provider: own }).urn);
        }
    });

    it("has no name that Pulumi gives to its own providers", async () => {
        await mockEngine();
        for (const name of ["default", "default_1_2_3"])
            assert.throws(
                () => new Provider(name, { apiKey: KEY }),
                new RegExp(`Making the Provider "${name}": Pulumi gives this name to its own providers`),
            );
        await valueOf(new Provider("defaults", { apiKey: KEY }).urn);
    });
});
