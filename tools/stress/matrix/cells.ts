/** The cells of the matrix: each value of each axis, and each pair of values that has failed before. */
import type { Cell } from "./cell.js";

/** SDK 3.249 and later need Node 22; SDK 3.139 compiles no ES modules by itself. */
export const cells: readonly Cell[] = [
    cell("JavaScript", "npm", "pulumi", 20, "oldest"),
    cell("JavaScript", "npm", "pulumi", 22, "newest"),
    cell("TypeScript", "npm", "pulumi", 20, "pinned"),
    cell("TypeScript", "npm", "pulumi", 24, "newest"),
    cell("TypeScript ESM", "npm", "pulumi", 20, "pinned"),
    cell("TypeScript ESM, tsx", "npm", "pulumi", 20, "oldest"),
    cell("TypeScript ESM, stripped", "npm", "pulumi", 24, "newest"),
    cell("JavaScript", "pnpm", "pulumi", 20, "oldest"),
    cell("TypeScript", "pnpm", "pulumi", 24, "newest"),
    cell("TypeScript ESM", "pnpm", "pulumi", 22, "pinned"),
    cell("JavaScript", "npm workspace", "pulumi", 24, "oldest"),
    cell("TypeScript", "npm workspace, linked", "pulumi", 20, "pinned", { short: true }),
    cell("TypeScript ESM", "npm workspace, linked", "pulumi", 22, "newest"),
    cell("JavaScript", "npm", "Automation API, inline", 20, "oldest"),
    cell("JavaScript", "pnpm", "Automation API, inline", 22, "pinned"),
    cell("TypeScript ESM, stripped", "npm", "Automation API, inline", 24, "newest"),
    cell("TypeScript", "npm", "Automation API, local", 22, "pinned"),
    cell("TypeScript", "npm", "pulumi", 22, "newest", { typescript: "6" }),
    cell("JavaScript", "pnpm", "Automation API, inline", 22, "newest", {
        typescript: "7",
        refusal: /Making .*TypeScript is 7.*Install an older one.*/,
    }),
    cell("JavaScript", "npm", "Automation API, inline", "Bun", "newest", {
        refusal: /Making .*under Bun.*Run it with Node.*/,
    }),
];

function cell(
    language: Cell["language"],
    installer: Cell["installer"],
    runner: Cell["runner"],
    runtime: Cell["runtime"],
    sdk: Cell["sdk"],
    more: Pick<Cell, "typescript" | "refusal" | "short"> = {},
): Cell {
    return { language, installer, runner, runtime, sdk, ...more };
}
