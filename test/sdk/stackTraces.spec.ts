import assert from "node:assert/strict";
import { DigiCertReissue } from "../../sdk/nodejs/index.js";
import { pauseTraces } from "../../sdk/nodejs/stackTraces.js";
import { mockEngine, valueOf } from "../fixtures/engine.js";

const ARGS = { orderId: 112233, certificate: { commonName: "shop.example", csr: "CSR" } };
const LEAKS = "PULUMI_DEBUG_PROMISE_LEAKS";

function framesOf(error: Error): number {
    return (error.stack ?? "").split("\n    at ").length - 1;
}

describe("stack traces while a resource is made", () => {
    beforeEach(() => mockEngine());
    afterEach(() => {
        // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- an environment variable is unset so
        delete process.env[LEAKS];
    });

    it("are off, because the SDK takes hundreds that nobody sees, and on again afterwards", async () => {
        const { stackTraceLimit } = Error;
        const seen: number[] = [];
        const resource = new DigiCertReissue("shop", ARGS, {
            transformations: [
                () => {
                    seen.push(framesOf(new Error("during")));
                    return undefined;
                },
            ],
        });
        assert.deepEqual(seen, [0]);
        assert.equal(Error.stackTraceLimit, stackTraceLimit);
        await valueOf(resource.urn);
    });

    it("are given to an error that ends the making, so that it shows the line of the program", () => {
        const { stackTraceLimit } = Error;
        const failing = () => {
            throw new Error("no such thing");
        };
        assert.throws(
            () => new DigiCertReissue("shop", ARGS, { transformations: [failing] }),
            (error: Error) =>
                error.message === "no such thing" && (error.stack ?? "").includes("stackTraces.spec"),
        );
        assert.equal(Error.stackTraceLimit, stackTraceLimit);
    });

    it(`stay on with ${LEAKS}, which shows them`, () => {
        process.env[LEAKS] = "true";
        const resume = pauseTraces();
        const frames = framesOf(new Error("during"));
        resume();
        assert.ok(frames > 0);
    });
});
