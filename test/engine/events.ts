/** Reads the steps of the engine from its event log. */
import { existsSync, readFileSync } from "node:fs";
import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";
import { nameOf } from "./state.js";

/** Number of resources for each kind of step, the stack itself among them. `changes` are all but `same`, of other kinds too. */
export type Summary = Record<"create" | "update" | "same" | "delete" | "replace" | "changes", number>;

/** A step for one resource. */
export interface Step {
    /** `create`, `update`, `same`, `delete`, `replace`, `create-replacement`, `delete-replaced`, `refresh`, … */
    op: string;
    type: string;
    name: string;
}

/** The steps of the last phase of a run: of the update, not of its preview. */
export interface Events {
    /** Absent if the run did not get to its end. */
    summary?: Summary;
    steps: Step[];
    /** What engine and providers said, in all phases. */
    diagnostics: { severity: string; message: string }[];
}

/** Reads an event log, one JSON document a line. */
export function readEvents(file: string): Events {
    let events: Events = { steps: [], diagnostics: [] };
    if (!existsSync(file)) return events;
    for (const line of readFileSync(file, "utf8").split("\n")) {
        const { preludeEvent, resourcePreEvent, diagnosticEvent, summaryEvent } = parse(line);
        if (preludeEvent) events = { steps: [], diagnostics: events.diagnostics };
        if (resourcePreEvent) {
            const { op, urn, type } = resourcePreEvent.metadata;
            events.steps.push({ op, type, name: nameOf(urn) });
        }
        if (diagnosticEvent) events.diagnostics.push(diagnosticEvent);
        if (summaryEvent) events.summary = toSummary(summaryEvent.resourceChanges);
    }
    return events;
}

/** The last line may be cut off, where the CLI was killed. */
function parse(line: string): Partial<EngineEvent> {
    try {
        return JSON.parse(line) as EngineEvent;
    } catch {
        return {};
    }
}

function toSummary(counts: Readonly<Record<string, number>>): Summary {
    const summary = { create: 0, update: 0, same: 0, delete: 0, replace: 0, ...counts };
    const all = Object.values(summary).reduce((sum, count) => sum + count, 0);
    return { ...summary, changes: all - summary.same };
}
