import assert from "node:assert/strict";
import { ConfigurationError, explain, type Remedy } from "../../provider/core/errors.js";
import { REMEDIES } from "../../cli/remedies.js";
import { startSimulator, type FaultRule } from "../../simulator/index.js";
import { cli, environmentOf } from "./harness.js";

/** Remedies of the failures that a command which only reads can meet. */
const OF_READS: readonly Remedy[] = [
    "setApiKey",
    "setApiKeyAgain",
    "setKeyAndAddressTogether",
    "correctSetting",
    "checkApiKey",
    "useAnotherRole",
    "checkOrderAndAccount",
    "correctInputs",
    "waitForQuota",
    "tryLater",
    "checkAddress",
    "checkNetwork",
    "raiseRequestTimeout",
    "setProxyCredentials",
    "correctProxy",
    "checkFirewall",
    "placeNewOrder",
    "completeOrder",
    "upgrade",
    "askDigiCert",
];

describe("the remedies of the command", () => {
    it("are sentences that name no stack configuration", () => {
        for (const [remedy, text] of Object.entries(REMEDIES)) {
            assert.match(text, /^[A-Z].*\.$/, remedy);
            assert.doesNotMatch(text, /digicert:|pulumi config/, remedy);
        }
    });

    it("do not name `pulumi up` for a failure of doctor or init", () => {
        for (const remedy of OF_READS) assert.doesNotMatch(REMEDIES[remedy], /pulumi (?!-)/, remedy);
    });

    it("stand between what happened and the code", () => {
        assert.equal(
            explain(
                new ConfigurationError("Reading the settings: there is no key.", { remedy: "setApiKey" }),
                REMEDIES,
            ),
            `Reading the settings: there is no key. ${REMEDIES.setApiKey} (ERR_DIGICERT_CONFIGURATION)`,
        );
    });

    const failures: Record<string, { fault: FaultRule; remedy: Remedy; code: string }> = {
        "an unknown order": {
            fault: {
                kind: "respond",
                status: 404,
                body: { errors: [{ code: "not_found|order", message: "no" }] },
            },
            remedy: "checkOrderAndAccount",
            code: "ERR_DIGICERT_NOT_FOUND",
        },
        "a wrong key": {
            fault: {
                kind: "respond",
                status: 403,
                body: { errors: [{ code: "access_denied|invalid_key", message: "no" }] },
            },
            remedy: "checkApiKey",
            code: "ERR_DIGICERT_AUTHENTICATION",
        },
    };
    for (const [what, { fault, remedy, code }] of Object.entries(failures)) {
        it(`say what to do about ${what}, in doctor and in init`, async () => {
            const simulator = await startSimulator();
            try {
                const { orderId } = await simulator.seedOrder();
                simulator.fault({ ...fault, path: `/order/certificate/${orderId}`, times: Infinity });
                const end = `${REMEDIES[remedy]} (${code})`;
                const env = environmentOf(simulator);
                const doctor = await cli(["doctor", String(orderId)], { env });
                const init = await cli(["init", String(orderId)], { env });
                assert.deepEqual([doctor.code, init.code], [2, 2]);
                assert.ok(doctor.out.replace(/\s+/g, " ").includes(end), doctor.out);
                assert.ok(init.err.endsWith(`${end}\n`), init.err);
            } finally {
                await simulator.close();
            }
        });
    }
});
