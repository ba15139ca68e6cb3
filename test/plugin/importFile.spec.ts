import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cli, environmentOf } from "../cli/harness.js";
import { binFolder } from "../engine/paths.js";
import { requireCli } from "../engine/requireCli.js";
import { newStack, type Stack } from "../engine/stack.js";
import { startSimulator, type Simulator } from "../../simulator/index.js";
import { generatingHosts } from "../../tools/plugin/sdks.js";
import { pastedTypescript } from "./languages.js";
import { typescriptFiles } from "./programs.js";

const ORDERS = 3;

describe("the file of init --all --import, with the real CLI and the plugin", function () {
    this.timeout(300_000);
    let simulator: Simulator;
    let stack: Stack;
    let ids: string[];

    before(async function () {
        await requireCli(this);
        simulator = await startSimulator();
        ids = [];
        for (let index = 0; index < ORDERS; index++) {
            const names = { commonName: `s${index}.example`, dnsNames: [`www.s${index}.example`] };
            ids.push(String((await simulator.seedOrder(names)).orderId));
        }
        stack = await newStack({ program: { files: typescriptFiles("") }, env: environmentOf(simulator) });
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
    });

    it("is imported by the command that its note tells, with GETs only, and the printed program changes nothing", async () => {
        const file = join(stack.program, "orders.json");
        const written = await cli(["init", "--all", "--import", "--out", file], {
            env: environmentOf(simulator),
        });
        const [, command = ""] = /^Note: pulumi (import --file \S+ \S+) takes/m.exec(written.err) ?? [];
        simulator.clearRequests();
        const printed = join(stack.program, "printed");
        const PATH = [generatingHosts(), binFolder(), stack.env.PATH]
            .filter((folder) => folder !== undefined)
            .join(delimiter);
        const args = [...command.split(" "), "--yes", "--skip-preview", "--out", printed];
        await stack.run(args, { env: { PATH } });
        assert.deepEqual([...new Set(simulator.requests.map(({ method }) => method))], ["GET"]);
        const program = readFileSync(printed, "utf8");
        assert.doesNotMatch(program, /protect/, "a renewal could not take the place of a protected resource");
        assert.deepEqual(
            ids.map((_, index) => stack.resource(`s${index}-example`).id),
            ids,
        );

        stack.write(pastedTypescript(program));
        simulator.clearRequests();
        const same = await stack.up();
        assert.deepEqual([same.summary?.changes, simulator.requests.length], [0, 0], same.output);
    });
});
