/**
 * The text of a program.
 *
 * @module
 */
import type { ProgramOrder } from "./order.js";

/** The languages of {@link writeProgram}. */
export const LANGUAGES = ["ts", "js"] as const;

/** TypeScript, or JavaScript as CommonJS. */
export type Language = (typeof LANGUAGES)[number];

/** How to write the program. */
export interface ProgramOptions {
    readonly language: Language;
    /** Name of the resource in the stack. */
    readonly name: string;
    /** File that the program reads the CSR from; absent: the program holds the CSR. */
    readonly csrFile?: string | undefined;
}

/** Writes a program that manages the order. */
export function writeProgram(order: ProgramOrder, { language, name, csrFile }: ProgramOptions): string {
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
        ...(dnsNames.length === 0
            ? []
            : [
                  "// All names of the certificate. A reissue without one of them makes DigiCert revoke the earlier certificates.",
              ]),
        ...(dnsNames.length === 0 ? [] : [namesLine(dnsNames)]),
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
        return [
            "// The CSR of the current certificate. For a new key, replace the file.",
            `csr: readFileSync(${JSON.stringify(csrFile)}, "utf8"),`,
        ];
    }
    return [
        "// The CSR of the current certificate, from CertCentral. For a new key, replace it.",
        `csr: \`${csr}\`,`,
    ];
}

function adoptLines({ notAdoptable }: ProgramOrder): string[] {
    if (notAdoptable !== undefined) {
        return [
            `// The certificate ${notAdoptable} and cannot be adopted, so the first \`pulumi up\` requests a reissue.`,
            "// adoptExisting: true,",
        ];
    }
    return [
        "// The first `pulumi up` adopts the current certificate, without a reissue. It fails if key or names differ from",
        "// this program. The line may stay: later changes are reissued as usual.",
        "adoptExisting: true,",
    ];
}

/** Indents lines, except those inside the CSR, which is a template literal. */
function indentLines(lines: readonly string[], by: number): string {
    const indent = " ".repeat(by);
    return lines
        .map((line) => (line.startsWith("csr: `") ? indent + line : line.replace(/^(?=.)/gm, indent)))
        .join("\n");
}
