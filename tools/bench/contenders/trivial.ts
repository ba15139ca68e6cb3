/** Resources that do nothing, with the size of a `DigiCertReissue`: they measure the time of the engine alone. */
import { type StateResource } from "../../../test/engine/state.js";
import { type Contender } from "./contender.js";
import { compiled, pulumiProgram } from "./stack.js";

/** @param sample - a `DigiCertReissue` in a state */
export function trivialLike(sample: StateResource): Contender {
    const without = (bag: Readonly<Record<string, unknown>>, names: readonly string[]) =>
        Object.fromEntries(Object.entries(bag).filter(([name]) => !names.includes(name)));
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
