/** The same program in the languages of the plugin's tests. */
import { stringify } from "yaml";

/** What a program says of its one resource. */
export interface Wanted {
    readonly orderId: number;
    readonly csr: string;
    readonly names?: readonly string[];
    /** Further inputs. */
    readonly more?: Readonly<Record<string, unknown>>;
}

/** A program by its files. */
export type Files = Record<string, string>;

/** The four lines that a project with the npm package in its node_modules needs. */
export const PLUGINS = {
    providers: [{ name: "digicert", path: "node_modules/pulumi-digicert/dist/plugin" }],
};

/** The inputs of the resource. */
export function inputsOf({ orderId, csr, names = [], more = {} }: Wanted): Record<string, unknown> {
    return { orderId, certificate: { commonName: "shop.example", dnsNames: names, csr }, ...more };
}

/** A YAML program: it is its Pulumi.yaml. */
export function yamlProgram(wanted: Wanted): Files {
    return yamlFiles({
        resources: { shop: { type: "digicert:Reissue", properties: inputsOf(wanted) } },
        outputs: { status: "${shop.status}", serialNumber: "${shop.serialNumber}" },
    });
}

/** A YAML program of any content. */
export function yamlFiles(program: object): Files {
    return { "Pulumi.yaml": stringify({ name: "test", runtime: "yaml", plugins: PLUGINS, ...program }) };
}

/** A Node program with the hand-written classes. */
export function nodeProgram(wanted: Wanted): Files {
    return nodeFiles(`
        const { Reissue } = require("pulumi-digicert/plugin");
        const shop = new Reissue("shop", ${JSON.stringify(inputsOf(wanted))});
        exports.status = shop.status;
        exports.serialNumber = shop.serialNumber;
        exports.fullChainPem = shop.fullChainPem;`);
}

/** A Node program of any content. */
export function nodeFiles(text: string): Files {
    const runtime = { name: "nodejs", options: { typescript: false } };
    return {
        "Pulumi.yaml": stringify({ name: "test", runtime, plugins: PLUGINS }),
        "package.json": JSON.stringify({ name: "test", private: true }),
        "index.js": text,
    };
}

/** A Node program of the dynamic resources, with the plugin's classes in their place. */
export function throughPlugin({ "index.js": text = "" }: Readonly<Record<string, string>>): Files {
    const classes = (_all: string, names: string) =>
        `{${names.replace(/DigiCert(\w+)/g, "$1: DigiCert$1")}} = require("pulumi-digicert/plugin")`;
    return nodeFiles(text.replace(/\{([^}]*)\} = require\("pulumi-digicert"\)/, classes));
}
