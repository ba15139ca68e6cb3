import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
    chmodSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    rmSync,
    utimesSync,
    writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { basename, join } from "node:path";
import { OrderClaims } from "../../provider/pulumi/orderClaims.js";

const FOLDER = join(tmpdir(), `pulumi-digicert-${userInfo().username}`);
const TWO_DAYS_AGO = Date.now() / 1000 - 172_800;

let engines = 0;
const newEngine = () => `127.0.0.1:${process.pid}-${++engines}`;

/** Runs a script with the claims of a run in a process of its own, which stays until its input ends. */
function claimElsewhere(engine: string, script: string, env = process.env): string {
    const module = require.resolve("../../provider/pulumi/orderClaims.js");
    const code = `const { OrderClaims } = require(${JSON.stringify(module)});
        const claims = new OrderClaims(${JSON.stringify(engine)}); ${script}`;
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", code], { encoding: "utf8", env });
    assert.equal(stderr, "");
    return stdout.trim();
}

describe("claims on orders", () => {
    it("are seen by the other processes of the run, each with its resource", () => {
        const engine = newEngine();
        const claims = new OrderClaims(engine);
        for (let orderId = 1; orderId <= 20; orderId++)
            assert.equal(claims.claim(String(orderId), `test/dev/shop-${orderId}`, "us"), undefined);
        const script = `console.log(claims.claim("7", "test/dev/other", "us"), claims.isClaimed("20", "us"),
            claims.claim("7", "test/dev/shop-7", "eu"), claims.isClaimedHere("8", "us"))`;
        assert.equal(claimElsewhere(engine, script), "test/dev/shop-7 true undefined false");
        assert.equal(claimElsewhere(newEngine(), `console.log(claims.isClaimed("7", "us"))`), "false");
    });

    it("are written before those of others are read, so that of two at the same moment one is refused", () => {
        const script = `const fs = require("node:fs");
            const { readdirSync } = fs;
            const seen = [];
            fs.readdirSync = (folder) => {
                const names = readdirSync(folder);
                seen.push(names.includes(String(process.pid)));
                return names;
            };
            claims.claim("7", "test/dev/shop-7", "us");
            console.log(seen.at(-1))`;
        assert.equal(claimElsewhere(newEngine(), script), "true");
    });

    it("of many orders cost one file", () => {
        const before = readdirSync(FOLDER).length;
        const claims = new OrderClaims(newEngine());
        for (let orderId = 1; orderId <= 50; orderId++) claims.claim(String(orderId), "test/dev/shop", "us");
        assert.ok(readdirSync(FOLDER).length <= before + 1);
    });

    it("of a process that has ended are ignored", () => {
        const engine = newEngine();
        claimElsewhere(engine, `claims.claim("7", "test/dev/shop-7", "us")`);
        assert.equal(new OrderClaims(engine).claim("7", "test/dev/other", "us"), undefined);
    });

    it("are not written into a folder that other users may write to", () => {
        const TMPDIR = mkdtempSync(join(tmpdir(), "digicert-test-claims-"));
        const folder = join(TMPDIR, basename(FOLDER));
        const claim = () => {
            claimElsewhere(newEngine(), `claims.claim("7", "test/dev/shop", "us")`, {
                ...process.env,
                TMPDIR,
            });
            return readdirSync(folder).length;
        };
        assert.equal(claim(), 1);
        chmodSync(folder, 0o777);
        assert.equal(claim(), 1);
        rmSync(TMPDIR, { recursive: true });
    });

    it("of runs that ended more than a day ago are removed, and those of a running process stay", () => {
        mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
        const make = (name: string, file: string): string => {
            mkdirSync(join(FOLDER, name), { recursive: true });
            writeFileSync(join(FOLDER, name, file), "");
            utimesSync(join(FOLDER, name), TWO_DAYS_AGO, TWO_DAYS_AGO);
            return join(FOLDER, name);
        };
        const ended = make("test-ended", "4194305");
        const running = make("test-running", String(process.pid));
        const recent = make("test-recent", "4194305");
        utimesSync(recent, Date.now() / 1000, Date.now() / 1000);
        const file = join(FOLDER, "test-file.4194305");
        writeFileSync(file, "test/dev/shop");
        utimesSync(file, TWO_DAYS_AGO, TWO_DAYS_AGO);
        new OrderClaims(newEngine()).claim("7", "test/dev/shop-7", "us");
        assert.deepEqual([ended, running, recent, file].map(existsSync), [false, true, true, false]);
        utimesSync(recent, TWO_DAYS_AGO, TWO_DAYS_AGO);
    });
});
