/**
 * A program in YAML, which is a whole `Pulumi.yaml`.
 *
 * @module
 */
import { adoptComments, CSR_COMMENT, CSR_FILE_COMMENT, NAMES_COMMENT } from "./comments.js";
import { resourceName } from "./name.js";
import type { ProgramOrder } from "./order.js";
import { INSTALL, PLUGIN_LINES } from "./plugin.js";
import type { ProgramOptions } from "./program.js";

/** Writes a program that manages the order, with the resource of the provider plugin. */
export function writeYamlProgram(order: ProgramOrder, { name, csrFile }: ProgramOptions): string {
    const lines = [
        `# Once, in this folder: ${INSTALL}`,
        `name: ${JSON.stringify(resourceName(order))}`,
        "runtime: yaml",
        ...PLUGIN_LINES,
        "resources:",
        "  certificate:",
        "    type: digicert:Reissue",
        `    name: ${JSON.stringify(name)}`,
        "    properties:",
        `      orderId: ${JSON.stringify(order.orderId)}`,
        "      certificate:",
        ...certificateLines(order, csrFile).map((line) => `        ${line}`),
        ...adoptComments(order).map((line) => `      # ${line}`),
        `      ${order.notAdoptable === undefined ? "" : "# "}adoptExisting: true`,
        "outputs:",
        "  status: ${certificate.status}",
        "  validTill: ${certificate.validTill}",
        "  certificatePem: ${certificate.certificatePem}",
        "  chainPem: ${certificate.chainPem}",
    ];
    return `${lines.join("\n")}\n`;
}

function certificateLines(order: ProgramOrder, csrFile: string | undefined): string[] {
    const { commonName, dnsNames, signatureHash, serverPlatformId } = order;
    return [
        ...(commonName === undefined ? [] : [`commonName: ${quoteText(commonName)}`]),
        ...(dnsNames.length === 0
            ? []
            : [`# ${NAMES_COMMENT}`, "dnsNames:", ...dnsNames.map((dnsName) => `  - ${quoteText(dnsName)}`)]),
        ...(signatureHash === "sha256" ? [] : [`signatureHash: ${signatureHash}`]),
        ...(serverPlatformId === undefined || serverPlatformId === -1
            ? []
            : [`serverPlatform: { id: ${serverPlatformId} }`]),
        ...csrLines(order, csrFile),
    ];
}

function csrLines({ csr }: ProgramOrder, csrFile: string | undefined): string[] {
    if (csrFile !== undefined || csr === undefined) {
        return [`# ${CSR_FILE_COMMENT}`, "csr:", `  fn::readFile: ${quoteText(csrFile ?? "")}`];
    }
    const lines = csr.trimEnd().split("\n");
    return [`# ${CSR_COMMENT}`, "csr: |", ...lines.map((line) => `  ${line}`)];
}

/** JSON's texts are texts of YAML too. Pulumi replaces what follows `$` in them, so that character is doubled. */
function quoteText(text: string): string {
    return JSON.stringify(text.replace(/\$/g, "$$$$"));
}
