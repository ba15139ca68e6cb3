/** Resources that do nothing, with the size of a `DigiCertReissue`: they measure the time of the engine alone. */
import { type StateResource } from "../../../test/engine/state.js";
import { type Contender } from "./contender.js";
import { compiled, pulumiProgram } from "./stack.js";

/** Copies properties, except those with these names. */
export function without(
    properties: Readonly<Record<string, unknown>>,
    names: readonly string[],
): Record<string, unknown> {
    return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}

/** @param sample - a `DigiCertReissue` in a state */
export function trivialLike(sample: StateResource): Contender {
    const inputs = without(sample.inputs, ["__provider"]);
    const outputs = without(sample.outputs, Object.keys(sample.inputs));
    return pulumiProgram(
        {
            name: "engine alone",
            abilities: { waits: "–", resumes: "–", quota: "no requests", asksOnce: "–" },
        },
        "trivial",
        () => ({
            "sample.json": JSON.stringify({ inputs, outputs }),
            "node_modules/trivial-provider/index.js": compiled("trivialProvider"),
            "node_modules/trivial-provider/package.json": JSON.stringify({
                name: "trivial-provider",
                version: "1.0.0",
                main: "index.js",
            }),
        }),
    );
}
