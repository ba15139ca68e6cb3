/** A way of using the package: language, package manager, runtime. */

/** The language of the program, and its compiler. */
export type Language =
    /** CommonJS. */
    | "JavaScript"
    /** CommonJS, compiled by Pulumi. */
    | "TypeScript"
    /** `type: module`, compiled by the program's own ts-node. */
    | "TypeScript ESM"
    /** `type: module`, compiled by tsx. */
    | "TypeScript ESM, tsx"
    /** `type: module`, read by Node itself, which leaves the types out. */
    | "TypeScript ESM, stripped";

/** The package manager and the layout. */
export type Installer =
    | "npm"
    | "pnpm"
    /** The program is a member of a workspace; the package is above it. */
    | "npm workspace"
    /** The package is a member too, so that npm makes a symbolic link to it. */
    | "npm workspace, linked";

/** Who calls the engine. */
export type Runner = "pulumi" | "Automation API, inline" | "Automation API, local";

/** A cell of the matrix. */
export interface Cell {
    readonly language: Language;
    readonly installer: Installer;
    readonly runner: Runner;
    /** Major version of Node, the newest served of it; or Bun. */
    readonly runtime: 20 | 22 | 24 | "Bun";
    /** `@pulumi/pulumi`: the oldest that we support, the one developed against, the newest that the registry serves. */
    readonly sdk: "oldest" | "pinned" | "newest";
    /** A version of the program's own TypeScript. Default: the one developed against; JavaScript has none. */
    readonly typescript?: string;
    /** The error of a combination that is not supported. */
    readonly refusal?: RegExp;
    /** Whether `npm test` plays it too, on its own Node. */
    readonly short?: boolean;
}

/** The cell in one line. */
export function title({ language, installer, runner, runtime, sdk, typescript }: Cell): string {
    const on = runtime === "Bun" ? "Bun" : `Node ${runtime}`;
    const own = typescript === undefined ? "" : `, TypeScript ${typescript}`;
    return `${language}, ${installer}, ${runner}, ${on}, ${sdk} SDK${own}`;
}
