/** Mocha's usual reporter; it also writes the results into the file that its option `file` names. */
import { writeFileSync } from "node:fs";
import Mocha from "mocha";
import type { Report } from "./run.js";

class Reporter extends Mocha.reporters.Spec {
    constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
        super(runner, options);
        const failed: string[] = [];
        const skipped: string[] = [];
        runner.on("fail", (test) => failed.push(test.fullTitle()));
        runner.on("pending", (test) => skipped.push(test.fullTitle()));
        runner.once("end", () => {
            const { file = "" } = options.reporterOptions as { file?: string };
            const report: Report = { passed: runner.stats?.passes ?? 0, failed, skipped };
            if (file !== "") writeFileSync(file, JSON.stringify(report));
        });
    }
}

export = Reporter;
