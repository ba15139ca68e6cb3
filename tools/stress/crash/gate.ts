/** A program that the engine cannot create or update `shop` of before another resource, the gate, is done. */
import assert from "node:assert/strict";
import { type Child } from "../../../test/engine/child.js";
import { type Held } from "../../../simulator/index.js";
import { shopArgs } from "../../../test/journeys/program.js";
import { type Program, reached, type Scene } from "./scene.js";

/** With `--parallel 1` there is one step at a time; `shop` is registered when the gate's step has begun. */
export const gatedProgram: Program = (orderId, csrPem, args) => ({
    "index.js": `
        const pulumi = require("@pulumi/pulumi");
        const { DigiCertReissue } = require("pulumi-digicert");
        const ask = (path) => fetch(process.env.DIGICERT_BASE_URL + path, { headers: { "x-dc-devkey": process.env.DIGICERT_API_KEY } });
        const pass = async (inputs) => {
            await ask("/user/me");
            return { id: "gate", outs: inputs };
        };
        const gate = {
            create: async (inputs) => pass(inputs),
            update: async (id, olds, news) => pass(news),
            diff: async (id, olds, news) => ({ changes: olds.args !== news.args }),
        };
        module.exports = async () => {
            new pulumi.dynamic.Resource(gate, "gate", { args: ${JSON.stringify(args)} });
            await ask("/account");
            const shop = new DigiCertReissue("shop", ${shopArgs(orderId, csrPem, [], args)});
            return { status: shop.status };
        };`,
});

/** Starts an `up` and stops it when `shop` has been checked; its step waits for the gate. */
export async function holdGate(scene: Scene): Promise<{ up: Child; held: Held }> {
    const held = scene.hold({ path: "/user/me" }, "arrival");
    const program = scene.hold({ path: "/account" }, "arrival");
    const up = scene.start(["--parallel", "1", "-v=9", "--logtostderr"]);
    await reached(held, up);
    await reached(program, up);
    program.release();
    const before = scene.simulator.requests.length;
    await up.waitForLine(/\.Check\(\S+::shop\).* success/);
    assert.equal(scene.simulator.requests.length, before, "the order was read already");
    return { up, held };
}
