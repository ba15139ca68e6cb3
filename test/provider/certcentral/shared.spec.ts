import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { inspect } from "node:util";
import { findAccount } from "../../../provider/core/account.js";
import type { Settings } from "../../../provider/core/settings.js";

function settings(apiKey: string, baseUrl = "https://certcentral.invalid/services/v2"): Settings {
    return {
        apiKey: () => apiKey,
        baseUrl,
        pollSeconds: 10,
        requestTimeoutSeconds: 30,
        settleSeconds: 60,
        quotaShare: 1,
    };
}

describe("findAccount", () => {
    it("gives clients of one key and address the same quota and the same connections", () => {
        const first = findAccount(settings("SHARED-KEY-1"));
        const second = findAccount({ ...settings("SHARED-KEY-1"), requestTimeoutSeconds: 5 });
        assert.equal(first.limiter, second.limiter);
        assert.equal(first.dispatcher, second.dispatcher);
    });

    it("keeps another key, or another address, apart", () => {
        const { limiter } = findAccount(settings("SHARED-KEY-1"));
        assert.notEqual(limiter, findAccount(settings("SHARED-KEY-2")).limiter);
        assert.notEqual(limiter, findAccount(settings("SHARED-KEY-1", "https://other.invalid/v2")).limiter);
    });

    it("keeps the smallest share of the quota that anybody of the process tells", async () => {
        const { limiter } = findAccount({ ...settings("SHARED-KEY-4"), quotaShare: 0.2 });
        findAccount({ ...settings("SHARED-KEY-4"), quotaShare: 0.1 });
        findAccount(settings("SHARED-KEY-4"));
        let sent = 0;
        const all = Array.from({ length: 30 }, () =>
            limiter.send({}, () => {
                sent++;
                return Promise.resolve();
            }),
        );
        await Promise.all(all.slice(0, 10));
        await setImmediate();
        assert.equal(sent, 10);
    });

    it("shows the key in no dump", () => {
        const dump = inspect(findAccount(settings("SHARED-KEY-3")), { depth: 20, showHidden: true });
        assert.doesNotMatch(dump, /SHARED-KEY-3/);
    });
});
