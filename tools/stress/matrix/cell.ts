/** One way of using the package: what is written, what installs it, what runs it. */

/** How the program is written, and who reads it. */
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

/** What puts the package beside the program. */
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
    /** What a way that cannot work has to say, up to the end of the sentence. */
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
