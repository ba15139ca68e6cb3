/** Registers clean-up work that is done even when a run is interrupted. */

type Undo = () => void;

const pending = new Set<Undo>();
process.once("exit", undoAll);

/**
 * Registers work for the end of this process; it must be synchronous.
 *
 * @returns a function that cancels the registration
 */
export function atExit(undo: Undo): () => void {
    pending.add(undo);
    return () => pending.delete(undo);
}

/** Makes Ctrl-C and `kill` end this process with `exit`, so that the registered work is done. */
export function exitOnSignals(): void {
    process.once("SIGINT", () => process.exit(130));
    process.once("SIGTERM", () => process.exit(143));
}

function undoAll(): void {
    for (const undo of [...pending].reverse()) {
        try {
            undo();
        } catch {
            // The process is ending: what is left has to get its turn too.
        }
    }
    pending.clear();
}
