import assert from "node:assert/strict";
import type { dynamic } from "@pulumi/pulumi";
import { Lifecycle } from "../../provider/lifecycle.js";
import { recordedReleases, recordedStates } from "./releases.js";

/** Settings and recorded names that lead to the same code in each release. */
const BY_REFERENCE = /^exports\.handler = __f0;\nconst provider = require\("pulumi-digicert\/stub"\);/;

for (const version of recordedReleases()) {
    describe(`what ${version} recorded`, () => {
        const { at, resources } = recordedStates(version);
        const lines: string[] = [];
        /** At the time of the recording, and without a way to DigiCert. */
        const lifecycle = new Lifecycle({
            now: () => new Date(at),
            elapsed: () => 0,
            sleep: () => Promise.resolve(),
            env: {},
            log: (line) => {
                lines.push(line);
            },
            connect: () => Promise.reject(new Error("no request is to be made")),
        });

        beforeEach(() => {
            lines.length = 0;
        });

        for (const { name, id, inputs, outputs } of resources) {
            it(`${name}: the same inputs are normalised to the same`, async () => {
                const { __provider, ...recorded } = inputs;
                assert.match(String(__provider), BY_REFERENCE);
                const checked: dynamic.CheckResult = await lifecycle.check(recorded, recorded);
                assert.deepEqual(checked, { inputs: recorded, failures: [] });
            });

            const isOpen = outputs.status !== "issued";
            it(`${name}: ${isOpen ? "is followed, not asked for again" : "needs no change"}`, async () => {
                assert.deepEqual(await lifecycle.diff(id, { ...outputs }, { ...inputs }), {
                    changes: isOpen,
                    replaces: [],
                });
                assert.ok(!isOpen || /reissue .* asked for/.test(lines.join()), lines.join());
            });
        }
    });
}
