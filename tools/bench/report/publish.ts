/** Writes the report. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Results } from "./results.js";
import { rowsOf } from "./stats.js";
import { report, targets } from "./table.js";

/** Writes `report.md` beside the results; returns the text. */
export function publish(results: Results, folder: string): string {
    const rows = rowsOf(results.kept.samples).toSorted((a, b) => a.work.localeCompare(b.work));
    const text = report(results, rows);
    writeFileSync(join(folder, "report.md"), `${text}\n`);
    const where = `Written to ${folder}: results.json, report.md.`;
    return ["", text, "", ...targets(results, rows), "", where].join("\n");
}
