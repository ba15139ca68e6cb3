/** This package through its provider plugin: from YAML, and with the hand-written Node classes. */
import { stringify } from "yaml";
import { type Row } from "../rows.js";
import { ours } from "./ours.js";
import { compiled, pulumiFiles } from "./stack.js";

const { abilities } = ours;
/** The plugin's folder, seen from a project below the folder in which npm installed the package. */
const INSTALLED = "../node_modules/pulumi-digicert/dist/plugin";

export const pluginInYaml = pulumiFiles({ name: "plugin, YAML", abilities }, ({ orders }) => ({
    "Pulumi.yaml": yamlProgram(orders, INSTALLED),
}));

export const pluginInNode = pulumiFiles({ name: "plugin, Node", abilities }, ({ orders }) => ({
    "Pulumi.yaml": stringify({
        name: "bench",
        runtime: { name: "nodejs", options: { typescript: false } },
        plugins: pluginsAt(INSTALLED),
    }),
    "package.json": JSON.stringify({ name: "bench", private: true }),
    "index.js": compiled("plugin"),
    "rows.json": JSON.stringify(orders),
}));

/** A project in YAML with a `Reissue` for each order, which uses the plugin in a folder. */
export function yamlProgram(orders: readonly Row[], folder: string): string {
    return stringify({
        name: "bench",
        runtime: "yaml",
        plugins: pluginsAt(folder),
        resources: Object.fromEntries(orders.map((row) => [row.name, reissueOf(row)])),
    });
}

function pluginsAt(path: string): object {
    return { providers: [{ name: "digicert", path }] };
}

function reissueOf({ orderId, commonName, dnsNames, csr }: Row): object {
    return {
        type: "digicert:Reissue",
        properties: { orderId, certificate: { commonName, dnsNames, csr }, skipApproval: true },
    };
}
