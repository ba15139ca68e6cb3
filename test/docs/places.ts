/** Where each command that a document shows is run. */
import { allCommands, type Command } from "./commands.js";
import { walkBlocks } from "./walk.js";

/**
 * Who runs a command. Each of these takes its commands from the documents by {@link commandsFor}, so a place that a command
 * has is a place where its very text is run.
 *
 * - `newcomer`: the README's ten minutes, `newcomer.spec.ts`
 * - `reissue`, `rotate-key`, `fleet`, `pipeline`, `project`: a walk through an example's README, or through the rest of README
 *   and docs/ in a project like the newcomer's, `walks.spec.ts`
 * - `testing`: `test/examples/testing.spec.ts`
 * - `cloud`: a login to a stand-in for Pulumi Cloud, `cloud.spec.ts`
 * - `checkout`: npm's commands in a checkout of this repository, `checkout.spec.ts`
 * - `names`: words in the text that name a command, which is not run but has to exist, `names.spec.ts`
 */
export type Place = (typeof places)[number];

const examples = ["reissue", "rotate-key", "fleet", "pipeline", "testing"] as const;

/** All of them. */
export const places = ["newcomer", ...examples, "project", "cloud", "checkout", "names"] as const;

/** A program and its subcommand without an argument, such as `pulumi stack output`. */
const name = /^(npm|pulumi|git|gh)( [a-z][a-z-]*)+$/;
const ofCheckout = /^(npm (ci|test|run)|npx mocha )/;

/** The place of a command; none if nobody runs it. */
export function placeOf({ document, line, shown, command }: Command): Place | undefined {
    if (shown === "inline" && (name.test(command) || isPart(command))) return "names";
    const example = examples.find((one) => document === `examples/${one}/README.md`);
    if (example === "testing") return example;
    if (command === "npm ci") return "checkout";
    if (shown !== "yaml" && ofCheckout.test(command)) return "checkout";
    if (example) return example;
    if (walkBlocks().some((block) => document === block.document && isWithin(line, block))) return "newcomer";
    if (command.startsWith("pulumi login --oidc-token ")) return "cloud";
    return document === "README.md" || document.startsWith("docs/") ? "project" : undefined;
}

/** The commands of a place. */
export function commandsFor(place: Place): Command[] {
    return allCommands().filter((command) => placeOf(command) === place);
}

/** "What `pulumi up --json` wrote": the line itself, with more options, stands in the workflow. */
function isPart(command: string): boolean {
    return command === "pulumi up --json";
}

function isWithin(line: number, block: { line: number; code: string }): boolean {
    return line >= block.line && line < block.line + block.code.split("\n").length;
}
