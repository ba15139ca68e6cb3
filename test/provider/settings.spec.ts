import assert from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { readConfirmedRevocations, readSettings, type Settings } from "../../provider/core/settings.js";
import { ConfigurationError, type Remedy } from "../../provider/core/errors.js";

type Values = Readonly<Record<string, string>>;

const KEY = "0123456789ABCDEF0123456789ABCDEF";
const US = "https://www.digicert.com/services/v2";
const EU = "https://certcentral.digicert.eu/services/v2";
const OWN = "https://certcentral.example/services/v2";

/** Config by its names without `digicert:`, environment by its names without `DIGICERT_`. */
function read(config: Values, env: Values = {}): Settings {
    const full = Object.fromEntries(Object.entries(env).map(([name, value]) => [`DIGICERT_${name}`, value]));
    return readSettings({ config: (key) => config[key.replace(/^digicert:/, "")], env: full });
}

function refused(config: Values, env: Values, ...expected: (RegExp | Remedy)[]): void {
    assert.throws(
        () => read(config, env),
        (error: Error) => {
            assert.ok(error instanceof ConfigurationError);
            for (const one of expected) {
                if (typeof one === "string") assert.equal(error.remedy, one);
                else assert.match(error.message, one);
            }
            for (const value of [...Object.values(config), ...Object.values(env)]) {
                assert.ok(value.length < 6 || !inspect(error).includes(value), `${value} is echoed`);
            }
            return true;
        },
    );
}

describe("readSettings", () => {
    it("needs a key, and has a default for everything else", () => {
        for (const settings of [read({ apiKey: KEY }), read({}, { API_KEY: KEY })]) {
            assert.equal(settings.apiKey(), KEY);
            const { baseUrl, pollSeconds, requestTimeoutSeconds, settleSeconds } = settings;
            assert.deepEqual([baseUrl, pollSeconds, requestTimeoutSeconds, settleSeconds], [US, 10, 30, 60]);
            assert.ok(
                !inspect(settings, { depth: 9, showHidden: true }).includes(KEY),
                "no dump shows the key",
            );
            assert.ok(!JSON.stringify(settings).includes(KEY));
        }
    });

    it("says where to set a key that is missing", () => {
        for (const nothing of [{}, { apiKey: "" }, { apiKey: " \n" }] as Values[]) {
            refused(nothing, {}, "setApiKey", /there is no DigiCert API key/);
        }
    });

    it("refuses a key with something in it that no key has", () => {
        for (const bad of [`${KEY} ${KEY}`, `"${KEY}\n${KEY}"`, `${KEY}\u00a0x`, `${KEY}ü`, `${KEY}\u0000`]) {
            refused({ apiKey: bad }, {}, /white space or characters that no key has/);
            refused({}, { API_KEY: bad }, /white space or characters that no key has/);
        }
    });

    it("takes no notice of white space around a value", () => {
        const { apiKey, baseUrl, pollSeconds } = read({
            apiKey: ` ${KEY}\n`,
            region: " eu ",
            pollSeconds: " 5 ",
        });
        assert.deepEqual([apiKey(), baseUrl, pollSeconds], [KEY, EU, 5]);
    });

    const addresses: [string, Values, Values, string][] = [
        ["us", { region: "us" }, {}, US],
        ["eu", { region: "eu" }, {}, EU],
        ["EU", { region: "EU" }, {}, EU],
        ["eu in the environment", {}, { REGION: "eu" }, EU],
        ["config before the environment", { region: "us" }, { REGION: "eu" }, US],
        ["a base URL", { baseUrl: OWN }, {}, OWN],
        ["a base URL in the environment", {}, { BASE_URL: OWN }, OWN],
        ["a base URL before the region", { baseUrl: OWN, region: "eu" }, {}, OWN],
        ["a base URL before the region of the environment", { baseUrl: OWN }, { REGION: "eu" }, OWN],
        ["base URL of the environment before its region", {}, { BASE_URL: OWN, REGION: "eu" }, OWN],
        ["a trailing slash", { baseUrl: `${OWN}/` }, {}, OWN],
        ["trailing slashes", { baseUrl: `${OWN}///` }, {}, OWN],
        [
            "a port",
            { baseUrl: "https://certcentral.example:8443/v2" },
            {},
            "https://certcentral.example:8443/v2",
        ],
        ["localhost", { baseUrl: "http://localhost:8080/v2/" }, {}, "http://localhost:8080/v2"],
        ["127.0.0.1", { baseUrl: "http://127.0.0.1:8080/v2" }, {}, "http://127.0.0.1:8080/v2"],
        ["[::1]", { baseUrl: "http://[::1]:8080/v2" }, {}, "http://[::1]:8080/v2"],
    ];
    for (const [what, config, env, url] of addresses) {
        it(`goes to ${url} for ${what}`, () => {
            const isFromConfig = Object.keys(config).length > 0;
            const settings = isFromConfig
                ? read({ apiKey: KEY, ...config }, env)
                : read(config, { API_KEY: KEY, ...env });
            assert.equal(settings.baseUrl, url);
        });
    }

    const badUrls: [string, RegExp][] = [
        ["certcentral.example/services/v2", /is not a URL/],
        ["https:///", /is not a URL/],
        ["http://certcentral.example/v2", /must begin with https/],
        ["http://127.0.0.1.example/v2", /must begin with https/],
        ["http://localhost.example/v2", /must begin with https/],
        ["http://128.0.0.1/v2", /must begin with https/],
        ["ftp://certcentral.example/v2", /must begin with https/],
        ["file:///etc/passwd", /must begin with https/],
        ["https://user:secret@certcentral.example/v2", /credentials/],
        ["https://certcentral.example/v2?key=secret", /query or a fragment/],
        ["https://certcentral.example/v2#part", /query or a fragment/],
        ["http://user:secret@localhost/v2", /credentials/],
    ];
    for (const [url, sentence] of badUrls) {
        it(`refuses the base URL ${url}, naming where it is set`, () => {
            refused(
                { apiKey: KEY, baseUrl: url },
                {},
                sentence,
                /baseUrl \(DIGICERT_BASE_URL\)/,
                "correctSetting",
            );
            refused({}, { API_KEY: KEY, BASE_URL: url }, sentence);
        });
    }

    it("refuses a region that there is not", () => {
        for (const region of ["usa", "asia-pacific", "us,eu", "__proto__", "constructor"]) {
            refused({ apiKey: KEY, region }, {}, /region \(DIGICERT_REGION\) must be "us" or "eu"/);
        }
    });

    describe("with a key in one place and the address in the other", () => {
        it("never sends a key of the config where only the environment points", () => {
            refused({ apiKey: KEY }, { BASE_URL: OWN }, /DIGICERT_BASE_URL/, "setKeyAndAddressTogether");
            refused({ apiKey: KEY }, { REGION: "eu" }, /DIGICERT_REGION/, "setKeyAndAddressTogether");
            refused({ apiKey: KEY }, { REGION: "us" }, /DIGICERT_REGION/);
            refused({ apiKey: KEY, region: "eu" }, { BASE_URL: OWN }, /DIGICERT_BASE_URL/);
            refused(
                { apiKey: KEY },
                { API_KEY: "another-key-of-the-shell", BASE_URL: OWN },
                "setKeyAndAddressTogether",
            );
        });

        it("sends a key of the environment where the config points", () => {
            const settings = read({ region: "eu" }, { API_KEY: KEY });
            assert.deepEqual([settings.apiKey(), settings.baseUrl], [KEY, EU]);
            assert.equal(read({ baseUrl: OWN }, { API_KEY: KEY, REGION: "us" }).baseUrl, OWN);
        });

        it("prefers the key of the config", () => {
            assert.equal(read({ apiKey: KEY, region: "eu" }, { API_KEY: "another-key" }).apiKey(), KEY);
        });

        it("sends no key of the config to a host of the environment, whatever is set", () => {
            const some = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
            const place = (host: string) =>
                fc.record({
                    apiKey: some(KEY),
                    region: some("us", "eu"),
                    baseUrl: some(`https://${host}/v2`),
                });
            fc.assert(
                fc.property(place("config.example"), place("env.example"), (config, env) => {
                    const set = (values: object) =>
                        Object.fromEntries(
                            Object.entries(values).filter(([, value]) => value !== undefined),
                        ) as Values;
                    const { apiKey, region, baseUrl } = set(env);
                    const shell = set({
                        API_KEY: apiKey && `${apiKey}-env`,
                        REGION: region,
                        BASE_URL: baseUrl,
                    });
                    let settings: Settings;
                    try {
                        settings = read(set(config), shell);
                    } catch (error) {
                        assert.ok(error instanceof ConfigurationError);
                        return;
                    }
                    const fromConfig = settings.apiKey() === KEY;
                    assert.equal(fromConfig, config.apiKey !== undefined);
                    if (!fromConfig) return;
                    assert.ok(!settings.baseUrl.includes("env.example"));
                    if (settings.baseUrl === EU) assert.equal(config.region, "eu");
                }),
                { numRuns: 500 },
            );
        });
    });

    describe("for an explicit provider", () => {
        const explicit = (config: Values, env: Values = {}) => read({ explicit: "true", ...config }, env);

        it("takes key, region and address from nowhere else", () => {
            refused({ explicit: "true" }, { API_KEY: KEY }, /this provider has no apiKey/, "passApiKey");
            assert.equal(explicit({ apiKey: KEY }, { REGION: "eu", BASE_URL: OWN }).baseUrl, US);
            assert.equal(explicit({ apiKey: KEY, region: "eu" }, { BASE_URL: OWN }).baseUrl, EU);
            assert.equal(explicit({ apiKey: KEY, baseUrl: OWN }).baseUrl, OWN);
        });

        it("takes times from the environment if it has none", () => {
            const env = { POLL_SECONDS: "3", REQUEST_TIMEOUT_SECONDS: "4", SETTLE_SECONDS: "5" };
            const settings = explicit({ apiKey: KEY, pollSeconds: "1" }, env);
            const { pollSeconds, requestTimeoutSeconds, settleSeconds } = settings;
            assert.deepEqual([pollSeconds, requestTimeoutSeconds, settleSeconds], [1, 4, 5]);
        });
    });

    const numbers = { "1": 1, "0.25": 0.25, "3600": 3600 };
    const variables = {
        pollSeconds: "POLL_SECONDS",
        requestTimeoutSeconds: "REQUEST_TIMEOUT_SECONDS",
        settleSeconds: "SETTLE_SECONDS",
    };
    for (const name of ["pollSeconds", "requestTimeoutSeconds", "settleSeconds"] as const) {
        const variable = variables[name];
        it(`takes ${name} from config, else from the environment`, () => {
            for (const [text, value] of Object.entries(numbers)) {
                assert.equal(read({ apiKey: KEY, [name]: text })[name], value);
                assert.equal(read({ apiKey: KEY }, { [variable]: text })[name], value);
                assert.equal(read({ apiKey: KEY, [name]: text }, { [variable]: "77" })[name], value);
            }
        });

        it(`refuses ${name} that is no number above 0 and up to an hour`, () => {
            for (const text of [
                "0",
                "-1",
                "3601",
                "ten",
                "1,5",
                "5s",
                "NaN",
                "Infinity",
                "1e9",
                "987654321",
            ]) {
                const sentence = new RegExp(
                    `: ${name} \\(DIGICERT_${variable}\\) must be a number of seconds`,
                );
                refused({ apiKey: KEY, [name]: text }, {}, sentence);
                refused({}, { API_KEY: KEY, [variable]: text }, sentence);
            }
        });
    }

    it("takes quotaShare from config, else from the environment, also for an explicit provider", () => {
        const values = { "1": 1, "0.2": 0.2, ".5": 0.5, "0.001": 0.001 };
        for (const [text, value] of Object.entries(values)) {
            assert.equal(read({ apiKey: KEY, quotaShare: text }, { QUOTA_SHARE: "0.7" }).quotaShare, value);
            assert.equal(read({}, { API_KEY: KEY, QUOTA_SHARE: text }).quotaShare, value);
            const explicit = { explicit: "true", apiKey: KEY };
            assert.equal(read(explicit, { QUOTA_SHARE: text }).quotaShare, value);
        }
        assert.equal(read({ apiKey: KEY }).quotaShare, 1);
    });

    it("refuses quotaShare that is no number above 0 and up to 1", () => {
        for (const text of ["0", "-0.5", "1.01", "20%", "1/5", "half", "0,2", "NaN", "1e-3"]) {
            const sentence = /: quotaShare \(DIGICERT_QUOTA_SHARE\) must be a number above 0 and up to 1/;
            refused({ apiKey: KEY, quotaShare: text }, {}, sentence);
            refused({}, { API_KEY: KEY, QUOTA_SHARE: text }, sentence);
        }
    });
});

describe("readConfirmedRevocations", () => {
    const confirmed = (value?: string) => [
        ...readConfirmedRevocations({ env: value === undefined ? {} : { DIGICERT_CONFIRM_REVOKE: value } }),
    ];

    it("reads ids of certificates, separated by commas", () => {
        assert.deepEqual(confirmed("880011002"), [880011002]);
        assert.deepEqual(confirmed(" 1, 2 ,3\n"), [1, 2, 3]);
    });

    it("finds none where the variable is absent or blank", () => {
        for (const nothing of [undefined, "", "  "]) assert.deepEqual(confirmed(nothing), []);
    });

    it("takes no entry that is no id for a confirmation", () => {
        for (const odd of ["all", "*", "1;2", "0", "-1", "1.5", "0x10", "1e3", "9007199254740993", "1 2"]) {
            assert.deepEqual(confirmed(odd), []);
            assert.deepEqual(confirmed(`${odd},,880011002`), [880011002]);
        }
    });

    it("takes nothing from the configuration of a stack", () => {
        const env = {};
        const sources = { env, config: () => "5" };
        assert.equal(readConfirmedRevocations(sources).size, 0);
    });
});
