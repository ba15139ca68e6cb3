/** A plugin that does nothing, from YAML, with the size of a `Reissue`: the least that a plugin for Node.js takes. */
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../../test/engine/paths.js";
import { type StateResource } from "../../../test/engine/state.js";
import { yamlProgram } from "./plugin.js";
import { compiled, pulumiFiles, type PulumiContender } from "./stack.js";
import { without } from "./trivial.js";

const FOLDER = "empty-plugin";
const EXECUTABLE = "pulumi-resource-digicert";
/** Properties that only the dynamic resource has. */
const DYNAMIC_ONLY = ["__provider", "identity"];

/** @param sample - a `DigiCertReissue` in a state */
export function emptyPluginLike({ inputs, outputs }: StateResource): PulumiContender {
    const inYaml = pulumiFiles(
        {
            name: "empty plugin, YAML",
            abilities: { waits: "–", resumes: "–", quota: "no requests", asksOnce: "–" },
        },
        ({ orders }) => ({
            "Pulumi.yaml": yamlProgram(orders, `./${FOLDER}`),
            [`${FOLDER}/schema.json`]: readFileSync(
                join(repositoryRoot, "dist", "plugin", "schema.json"),
                "utf8",
            ),
            [`${FOLDER}/sample.json`]: JSON.stringify({
                inputs: without(inputs, DYNAMIC_ONLY),
                outputs: without(outputs, DYNAMIC_ONLY),
            }),
            [`${FOLDER}/${EXECUTABLE}`]: `#!/usr/bin/env node\n${compiled("emptyPlugin")}`,
        }),
    );
    return {
        ...inYaml,
        prepare: async (job) => {
            const prepared = await inYaml.prepare(job);
            chmodSync(join(prepared.stack.program, FOLDER, EXECUTABLE), 0o755);
            return prepared;
        },
    };
}
