/**
 * The text of a Node program.
 *
 * @module
 */
import { adoptComments, CSR_COMMENT, CSR_FILE_COMMENT, NAMES_COMMENT } from "./comments.js";
import type { NodeLanguage } from "./language.js";
import type { ProgramOrder } from "./order.js";

/** How to write a program. */
export interface ProgramOptions {
    /** Name of the resource in the stack. */
    readonly name: string;
    /** File that the program reads the CSR from; absent: the program holds the CSR. */
    readonly csrFile?: string | undefined;
}

/** Writes a program that manages the order, with the dynamic resource. */
export function writeProgram(
    order: ProgramOrder,
    language: NodeLanguage,
    { name, csrFile }: ProgramOptions,
): string {
    const isModule = language === "ts";
    const imports = [
        ...(csrFile === undefined ? [] : [importLine(isModule, "readFileSync", "node:fs")]),
        importLine(isModule, "DigiCertReissue", "pulumi-digicert"),
    ];
    return `${imports.join("\n")}

const certificate = new DigiCertReissue(${JSON.stringify(name)}, {
    orderId: ${order.orderId},
    certificate: {
${indentLines(certificateLines(order, csrFile), 8)}
    },
${indentLines(adoptLines(order), 4)}
});

${isModule ? "export const { status, validTill, fullChainPem } = certificate;" : EXPORTS}
`;
}

const EXPORTS = `module.exports = {
    status: certificate.status,
    validTill: certificate.validTill,
    fullChainPem: certificate.fullChainPem,
};`;

function importLine(isModule: boolean, name: string, from: string): string {
    return isModule ? `import { ${name} } from "${from}";` : `const { ${name} } = require("${from}");`;
}

function certificateLines(order: ProgramOrder, csrFile: string | undefined): string[] {
    const { commonName, dnsNames, signatureHash, serverPlatformId } = order;
    return [
        ...(commonName === undefined ? [] : [`commonName: ${JSON.stringify(commonName)},`]),
        ...(dnsNames.length === 0 ? [] : [`// ${NAMES_COMMENT}`, namesLine(dnsNames)]),
        ...(signatureHash === "sha256" ? [] : [`signatureHash: "${signatureHash}",`]),
        ...(serverPlatformId === undefined || serverPlatformId === -1
            ? []
            : [`serverPlatform: { id: ${serverPlatformId} },`]),
        ...csrLines(order, csrFile),
    ];
}

const LONGEST_LINE = 100;

function namesLine(dnsNames: readonly string[]): string {
    const quoted = dnsNames.map((name) => JSON.stringify(name));
    const line = `dnsNames: [${quoted.join(", ")}],`;
    return line.length <= LONGEST_LINE
        ? line
        : `dnsNames: [\n${quoted.map((name) => `    ${name},`).join("\n")}\n],`;
}

function csrLines({ csr }: ProgramOrder, csrFile: string | undefined): string[] {
    if (csrFile !== undefined || csr === undefined) {
        return [`// ${CSR_FILE_COMMENT}`, `csr: readFileSync(${JSON.stringify(csrFile)}, "utf8"),`];
    }
    return [`// ${CSR_COMMENT}`, `csr: \`${csr}\`,`];
}

function adoptLines(order: ProgramOrder): string[] {
    const isAdopted = order.notAdoptable === undefined;
    return [
        ...adoptComments(order).map((line) => `// ${line}`),
        isAdopted ? "adoptExisting: true," : "// adoptExisting: true,",
    ];
}

/** Indents lines, except those inside the CSR, which is a template literal. */
function indentLines(lines: readonly string[], by: number): string {
    const indent = " ".repeat(by);
    return lines
        .map((line) => (line.startsWith("csr: `") ? indent + line : line.replace(/^(?=.)/gm, indent)))
        .join("\n");
}
