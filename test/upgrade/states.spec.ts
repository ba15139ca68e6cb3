import assert from "node:assert/strict";
import { makeProviders } from "../../provider/dynamic/provider.js";
import { makeMarker } from "../../provider/core/reissue/marker.js";
import { isDigestOf } from "../../provider/core/reissue/digest.js";
import { inputsOf, type ReissueInputs, type ReissueState } from "../../provider/core/reissue/state.js";
import { PluginProvider } from "../../provider/plugin/provider.js";
import { identityOf } from "../../provider/plugin/urn.js";
import { recordedReleases, recordedStates } from "./releases.js";

const NONE: ReadonlySet<string> = new Set();
const BY_REFERENCE = /^exports\.handler = __f0;\nconst provider = require\("pulumi-digicert\/stub"\);/;

for (const version of recordedReleases()) {
    const { at, resources } = recordedStates(version);
    const lines: string[] = [];
    /** At the time of the recording, and without a way to DigiCert. */
    const around = {
        now: () => new Date(at),
        elapsed: () => 0,
        sleep: () => Promise.resolve(),
        env: {},
        log: (line: string) => {
            lines.push(line);
        },
        connect: () => Promise.reject(new Error("no request is to be made")),
    };
    const { reissue: lifecycle } = makeProviders(around);

    for (const { name, id, inputs, outputs } of resources) {
        describe(`what ${version} recorded of "${name}"`, () => {
            const state = outputs as unknown as ReissueState;
            const isOpen = state.asked !== undefined;

            it("names the stub", () => {
                assert.match(String(inputs.__provider), BY_REFERENCE);
            });

            it("is what the same program is normalised to now", async () => {
                const recorded = { ...inputsOf(inputs as unknown as ReissueInputs) };
                assert.deepEqual(await lifecycle.check(recorded, recorded), {
                    inputs: recorded,
                    failures: [],
                });
            });

            it(isOpen ? "is followed, and not requested again" : "needs no change", async () => {
                lines.length = 0;
                const change = await lifecycle.diff(id, { ...outputs }, { ...inputs });
                assert.deepEqual(change, { changes: isOpen, replaces: [] });
                assert.equal(/request \d+ from .* was waiting for/.test(lines.join()), isOpen, lines.join());
            });

            it(`is the same to the plugin: ${isOpen ? "followed" : "unchanged"}`, async () => {
                const [project = "", stack = ""] = String(outputs.identity).split("/");
                const urn = `urn:pulumi:${stack}::${project}::digicert:index:Reissue::${name}`;
                const plugin = new PluginProvider(around);
                const olds = { values: { ...outputs }, secrets: NONE };
                const given = { ...inputsOf(inputs as unknown as ReissueInputs) };
                const checked = await plugin.check(urn, olds, { values: given, secrets: NONE });
                assert.deepEqual(checked.failures, []);
                const { hasChanges, replaces } = await plugin.diff({ urn, id }, olds, checked.inputs);
                assert.deepEqual([hasChanges, replaces], [isOpen, []]);
                assert.equal(identityOf(urn), outputs.identity);
            });

            it("has the digest and the marker that are made now", () => {
                const request = inputsOf(state);
                const { identity } = outputs;
                assert.ok(typeof identity === "string");
                assert.ok(state.issued ?? state.asked);
                if (state.issued) assert.ok(isDigestOf(state.issued.wanted, request));
                if (state.asked) {
                    const marker = makeMarker(request, identity, state.issued?.certificateId);
                    assert.equal(state.asked.marker, marker);
                }
            });
        });
    }
}
