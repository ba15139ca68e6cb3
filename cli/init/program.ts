/**
 * The text of a program.
 *
 * @module
 */
import type { ProgramFacts } from "./order.js";

/** The languages of {@link programFor}. */
export const LANGUAGES = ["ts", "js"] as const;

/** TypeScript, or JavaScript as CommonJS. */
export type Language = (typeof LANGUAGES)[number];

/** What may be said about the program. */
export interface ProgramOptions {
    readonly language: Language;
    /** Name of the resource in the stack. */
    readonly name: string;
    /** File that the program reads the CSR from; absent: the CSR is in the program. */
    readonly csrFile?: string | undefined;
}

/** A program that manages the order. */
export function programFor(facts: ProgramFacts, { language, name, csrFile }: ProgramOptions): string {
    const isModule = language === "ts";
    const imports = [
        ...(csrFile === undefined ? [] : [importLine(isModule, "readFileSync", "node:fs")]),
        importLine(isModule, "DigiCertReissue", "pulumi-digicert"),
    ];
    return `${imports.join("\n")}

const certificate = new DigiCertReissue(${JSON.stringify(name)}, {
    orderId: ${facts.orderId},
    certificate: {
${indented(certificateLines(facts, csrFile), 8)}
    },
${indented(adoptLines(facts), 4)}
});

${isModule ? "export const { status, validTill, fullChainPem } = certificate;" : EXPORTS}
`;
}

const EXPORTS = `module.exports = {
    status: certificate.status,
    validTill: certificate.validTill,
    fullChainPem: certificate.fullChainPem,
};`;

function importLine(isModule: boolean, what: string, from: string): string {
    return isModule ? `import { ${what} } from "${from}";` : `const { ${what} } = require("${from}");`;
}

function certificateLines(facts: ProgramFacts, csrFile: string | undefined): string[] {
    const { commonName, dnsNames, signatureHash, serverPlatformId } = facts;
    return [
        ...(commonName === undefined ? [] : [`commonName: ${JSON.stringify(commonName)},`]),
        ...(dnsNames.length === 0
            ? []
            : [`// All names of the certificate: one that is left out would be removed from it.`]),
        ...(dnsNames.length === 0 ? [] : [namesLine(dnsNames)]),
        ...(signatureHash === "sha256" ? [] : [`signatureHash: "${signatureHash}",`]),
        ...(serverPlatformId === undefined || serverPlatformId === -1
            ? []
            : [`serverPlatform: { id: ${serverPlatformId} },`]),
        ...csrLines(facts, csrFile),
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

function csrLines({ csr }: ProgramFacts, csrFile: string | undefined): string[] {
    if (csrFile !== undefined || csr === undefined) {
        return [
            "// The CSR that the certificate was made from. For a new key, put a CSR of it there.",
            `csr: readFileSync(${JSON.stringify(csrFile)}, "utf8"),`,
        ];
    }
    return [
        "// The CSR that the certificate was made from, as CertCentral has it. For a new key, put a CSR of it here.",
        `csr: \`${csr}\`,`,
    ];
}

function adoptLines({ notAdoptable }: ProgramFacts): string[] {
    if (notAdoptable !== undefined) {
        return [
            `// The certificate ${notAdoptable}, so it cannot be taken over: the first \`pulumi up\` asks DigiCert for a reissue.`,
            "// adoptExisting: true,",
        ];
    }
    return [
        "// The first `pulumi up` takes the present certificate over, without a reissue; if its key or names are others,",
        "// it fails and lists the differences. This may stay: later changes reissue as usual.",
        "adoptExisting: true,",
    ];
}

/** A CSR is a template literal: its lines are not indented, since what is in them counts. */
function indented(lines: readonly string[], by: number): string {
    const indent = " ".repeat(by);
    return lines
        .map((line) => (line.startsWith("csr: `") ? indent + line : line.replace(/^(?=.)/gm, indent)))
        .join("\n");
}
