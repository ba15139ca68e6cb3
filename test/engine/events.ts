/** Reads the steps of the engine from its event log. */
import { existsSync, readFileSync } from "node:fs";

/** Number of resources for each kind of step; the stack itself counts too. */
export interface Summary {
    create: number;
    update: number;
    same: number;
    delete: number;
    replace: number;
    /** Any other kind by the engine's own name, such as `refresh`, `read`, `discard`. */
    other: Readonly<Record<string, number>>;
    /** All but `same`. */
    changes: number;
}

/** A step for one resource. */
export interface Step {
    /** `create`, `update`, `same`, `delete`, `replace`, `create-replacement`, `delete-replaced`, `refresh`, … */
    op: string;
    urn: string;
    type: string;
    name: string;
    /** Names of the inputs that differ, as the engine sees it. */
    diffs: readonly string[];
}

/** The steps of the last phase of a run: of the update, not of its preview. */
export interface Events {
    /** Absent if the run did not get to its end. */
    summary?: Summary;
    steps: Step[];
}

interface EngineEvent {
    preludeEvent?: object;
    summaryEvent?: { resourceChanges?: Record<string, number> | null };
    resourcePreEvent?: { metadata: { op: string; urn: string; type: string; diffs?: string[] | null } };
}

/** Reads an event log, one JSON document a line. */
export function readEvents(file: string): Events {
    if (!existsSync(file)) return { steps: [] };
    let events: Events = { steps: [] };
    for (const line of readFileSync(file, "utf8").split("\n")) {
        const event = parse(line);
        if (event?.preludeEvent !== undefined) events = { steps: [] };
        if (event?.resourcePreEvent !== undefined) events.steps.push(toStep(event.resourcePreEvent.metadata));
        if (event?.summaryEvent !== undefined)
            events.summary = toSummary(event.summaryEvent.resourceChanges ?? {});
    }
    return events;
}

/** The last line may be cut off, where the CLI was killed. */
function parse(line: string): EngineEvent | undefined {
    try {
        return JSON.parse(line) as EngineEvent;
    } catch {
        return undefined;
    }
}

function toStep({
    op,
    urn,
    type,
    diffs,
}: {
    op: string;
    urn: string;
    type: string;
    diffs?: string[] | null;
}): Step {
    return { op, urn, type, name: urn.slice(urn.lastIndexOf("::") + 2), diffs: diffs ?? [] };
}

function toSummary(counts: Readonly<Record<string, number>>): Summary {
    const { create = 0, update = 0, same = 0, delete: removed = 0, replace = 0, ...other } = counts;
    const others = Object.values(other).reduce((sum, count) => sum + count, 0);
    const changes = create + update + removed + replace + others;
    return { create, update, same, delete: removed, replace, other, changes };
}
