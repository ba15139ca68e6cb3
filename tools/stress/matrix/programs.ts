/** The program of a cell, as its users write it. */
import { shopArgs } from "../../../test/journeys/program.js";
import type { Cell } from "./cell.js";

/** Which order, and the CSR for it. */
export interface Subject {
    readonly orderId: number;
    readonly csrPem: string;
}

/** The files of the program, and of the script that calls the Automation API. */
export function programFor(cell: Cell, subject: Subject): Record<string, string> {
    const isScript = cell.language === "JavaScript";
    const main = isScript ? "index.js" : "index.ts";
    const byPulumi = cell.language === "TypeScript" || cell.language === "TypeScript ESM";
    const files = {
        "Pulumi.yaml": `name: test\nmain: ${main}\nruntime:\n  name: nodejs\n  options:\n    typescript: ${String(byPulumi)}\n`,
        ...(isScript ? {} : { "tsconfig.json": JSON.stringify({ compilerOptions, files: [main] }) }),
    };
    if (cell.runner === "Automation API, inline") {
        return { [isScript ? "automate.js" : "automate.ts"]: inline(isScript, subject) };
    }
    const source = isScript ? javascript(subject) : typescript(subject);
    const script = cell.runner === "pulumi" ? {} : { "automate.cjs": automation(true, "workDir: __dirname") };
    return { ...files, ...script, [main]: source };
}

/** What the script prints before its counts. */
export const RESULT = "counts: ";

const compilerOptions = {
    strict: true,
    target: "ES2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    types: ["node"],
    skipLibCheck: true,
};

const resource = ({ orderId, csrPem }: Subject): string =>
    `const shop = new DigiCertReissue("shop", ${shopArgs(orderId, csrPem)});`;

const javascript = (subject: Subject): string => `
const { DigiCertReissue } = require("pulumi-digicert");
${resource(subject)}
exports.status = shop.status;`;

/** With types written down, so that a compiler which sees other ones refuses it. */
const typescript = (subject: Subject): string => `
import type { Output } from "@pulumi/pulumi";
import { DigiCertReissue, type Status } from "pulumi-digicert";
${resource(subject)}
export const status: Output<Status> = shop.status;
export const fullChain: Output<string | undefined> = shop.fullChainPem;`;

const inline = (isScript: boolean, subject: Subject): string => `
${isScript ? `const { DigiCertReissue } = require("pulumi-digicert");` : `import { DigiCertReissue } from "pulumi-digicert";`}
const program = async () => {
    ${resource(subject)}
    return { status: shop.status };
};
${automation(isScript, `projectName: "test", program`)}`;

/** Carries out the word on its command line, and prints how many resources each kind of step was taken for. */
const automation = (isScript: boolean, where: string): string => `
${
    isScript
        ? `const { LocalWorkspace } = require("@pulumi/pulumi/automation");`
        : `import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";`
}
const main = async () => {
    const stack = await LocalWorkspace.createOrSelectStack({ stackName: "dev", ${where} });
    const { summary } = await stack[process.argv[2]]({ onOutput: (text) => process.stdout.write(text) });
    console.log(${JSON.stringify(RESULT)} + JSON.stringify(summary.resourceChanges));
};
main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
});`;
