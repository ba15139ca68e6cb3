import assert from "node:assert/strict";
import { failInOneSentence, HostPartialFailure } from "../../provider/dynamic/hostErrors.js";
import { savedSettingsAdvice } from "../../provider/pulumi/advice.js";
import {
    AuthenticationError,
    ConfigurationError,
    NotFoundError,
    PermissionError,
    RateLimitError,
    UnavailableError,
} from "../../provider/core/errors.js";

describe("HostPartialFailure", () => {
    it("carries what Pulumi saves: the id, the properties, the reasons", () => {
        const failure = new HostPartialFailure("112233", ["one", "two"], { status: "issued" });
        assert.equal(failure.id, "112233");
        assert.deepEqual(failure.reasons, ["one", "two"]);
        assert.equal(failure.message, "one; two");
        assert.deepEqual(failure.properties, { status: "issued" });
    });
});

describe("failInOneSentence", () => {
    const failing = async (error: Error, advice?: (error: unknown) => string): Promise<Error> => {
        try {
            await failInOneSentence("order 5 could not be read", () => Promise.reject(error), advice);
        } catch (surfaced) {
            return surfaced as Error;
        }
        assert.fail("it did not fail");
    };

    it("passes a result on", async () => {
        assert.equal(await failInOneSentence("x", () => 5), 5);
        assert.equal(await failInOneSentence("x", () => Promise.resolve(6)), 6);
    });

    it("shows the sentence once, with its code and no stack trace, however the host prints it", async () => {
        const cause = new UnavailableError("Reading order 5: DigiCert is down.", { status: 503 });
        const error = await failing(cause);
        assert.equal(error.message, "Reading order 5: DigiCert is down. (ERR_DIGICERT_UNAVAILABLE)");
        const printed = `${String(error)}: ${error.stack ?? ""}`;
        assert.equal(printed, "order 5 could not be read: see the error");
    });

    it("says what to do between the sentence and its code", async () => {
        const error = await failing(
            new UnavailableError("Reading order 5: DigiCert is down", { remedy: "tryLater" }),
        );
        assert.equal(
            error.message,
            "Reading order 5: DigiCert is down. Run `pulumi up` again later. (ERR_DIGICERT_UNAVAILABLE)",
        );
    });

    it("shows what a step throws at once the same way", async () => {
        await assert.rejects(
            failInOneSentence("x", () => {
                throw new Error("a sentence");
            }),
            { message: "a sentence", stack: "see the error" },
        );
    });

    it("keeps the error itself as the cause, for whoever calls the provider in the own process", async () => {
        const error = new NotFoundError("Reading order 5: gone.");
        assert.equal((await failing(error)).cause, error);
    });

    it("adds advice about the settings in use before the code", async () => {
        const error = await failing(new PermissionError("Reading order 5: refused."), savedSettingsAdvice);
        assert.match(error.message, /refused\. Refresh and destroy use .*\(ERR_DIGICERT_PERMISSION\)$/);
    });
});

describe("savedSettingsAdvice", () => {
    it("tells of saved settings where a key was refused, or a setting is missing", () => {
        for (const error of [
            new AuthenticationError("x"),
            new PermissionError("x"),
            new ConfigurationError("x"),
        ]) {
            assert.match(
                savedSettingsAdvice(error),
                /saved by the last `pulumi up` \(run `pulumi up` first, or add --run-program\)\.$/,
            );
        }
    });

    it("tells how to drop a resource whose order is not found", () => {
        assert.match(savedSettingsAdvice(new NotFoundError("x")), /state is kept.*pulumi state delete/);
    });

    it("is silent otherwise", () => {
        const proxy = new ConfigurationError("x", { remedy: "correctProxy" });
        for (const error of [new RateLimitError("x"), proxy, new Error("x"), undefined]) {
            assert.equal(savedSettingsAdvice(error), "");
        }
    });
});
