/** Records the commands of a stack, so that the imitated engine can be compared with the real engine. */
import { wrapMethods } from "../fixtures/methods.js";
import type { Run, StackDriver } from "./driver.js";

/** One command: its outcome, the engine's calls, and the state after it. */
export interface Entry {
    readonly command: string;
    readonly did: Run["did"];
    readonly others: Run["others"];
    readonly hasFailed: boolean;
    readonly changing: readonly string[];
    readonly calls: readonly string[];
    readonly state:
        | { id: string; status: unknown; members: string[]; inputs: string[]; isIncomplete: boolean }
        | undefined;
}

/** A driver that also returns the engine's calls in its last command. */
export type NotingDriver = StackDriver & { readonly calls: readonly (readonly string[])[] };

const COMMANDS: readonly string[] = ["preview", "up", "refresh", "destroy"];

/** The same driver; its commands are recorded in `entries`. */
export function recordCommands(driver: NotingDriver, entries: Entry[]): StackDriver {
    return wrapMethods<StackDriver>(driver, (call, command) => {
        if (!COMMANDS.includes(command)) return call;
        return async (...args) => {
            const run = (await call(...args)) as Run;
            const shop = driver.resource();
            entries.push({
                command,
                did: run.did,
                others: run.others,
                hasFailed: run.failure !== undefined,
                changing: run.changing,
                calls: driver.calls.at(-1) ?? [],
                state: shop && {
                    id: shop.id,
                    status: shop.outputs.status,
                    members: Object.keys(shop.outputs).sort(),
                    inputs: Object.keys(shop.inputs).sort(),
                    isIncomplete: shop.initErrors.length > 0,
                },
            });
            return run;
        };
    });
}
