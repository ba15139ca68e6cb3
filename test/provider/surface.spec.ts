import assert from "node:assert/strict";
import { failInOneSentence, savedSettingsAdvice } from "../../provider/dynamic/hostErrors.js";
import {
    AuthenticationError,
    NotFoundError,
    PermissionError,
    RateLimitError,
    UnavailableError,
} from "../../provider/core/errors.js";

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

    it("shows the sentence once and no stack trace, however the host prints it", async () => {
        const cause = new UnavailableError("Reading order 5: DigiCert is down.", { status: 503 });
        const error = await failing(cause);
        assert.equal(error.message, cause.message);
        const printed = `${String(error)}: ${error.stack ?? ""}`;
        assert.equal(printed, "order 5 could not be read: see the error");
        assert.doesNotMatch(printed, /\bat \S+:\d+/);
    });

    it("shows what a step throws at once the same way", async () => {
        await assert.rejects(
            failInOneSentence("x", () => {
                throw new Error("a sentence");
            }),
            { message: "a sentence", stack: "see the error" },
        );
    });

    it("keeps the error itself as the cause, for who calls the lifecycle in the own process", async () => {
        const error = new NotFoundError("Reading order 5: gone.");
        assert.equal((await failing(error)).cause, error);
    });

    it("adds advice", async () => {
        const error = await failing(new Error("No."), (cause) => ` Because of ${(cause as Error).message}`);
        assert.equal(error.message, "No. Because of No.");
    });
});

describe("savedSettingsAdvice", () => {
    it("tells of saved settings where a key was refused", () => {
        for (const error of [new AuthenticationError("x"), new PermissionError("x")]) {
            assert.match(
                savedSettingsAdvice(error),
                /saved by the last up: run pulumi up first, or add --run-program\.$/,
            );
        }
    });

    it("tells how to drop a resource whose order is not found", () => {
        assert.match(savedSettingsAdvice(new NotFoundError("x")), /state is kept.*pulumi state delete/);
    });

    it("is silent otherwise", () => {
        for (const error of [new RateLimitError("x"), new Error("x"), undefined]) {
            assert.equal(savedSettingsAdvice(error), "");
        }
    });
});
