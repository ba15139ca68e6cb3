import assert from "node:assert/strict";
import { run } from "./child.js";
import { cleanEnvironment } from "./environment.js";
import { MovedClock } from "./movedClock.js";

describe("MovedClock", () => {
    const program = `
        const kept = new Date("2020-01-02T03:04:05Z");
        console.log(JSON.stringify({
            now: Date.now(), made: new Date().getTime(), text: Date.parse(Date()), kept, later: new Date(kept.getTime() + 1000),
            isDate: new Date() instanceof Date && kept.constructor === Date, utc: Date.UTC(2020, 0, 1), parsed: Date.parse("2020-01-01"),
        }));`;
    let clock: MovedClock;

    beforeEach(() => {
        clock = new MovedClock();
    });
    afterEach(() => {
        clock.dispose();
    });

    async function told(): Promise<Record<string, unknown>> {
        const { stdout } = await run(process.execPath, ["-e", program], { env: cleanEnvironment(clock.env) });
        return JSON.parse(stdout) as Record<string, unknown>;
    }

    it("moves now, and nothing else, in a child", async () => {
        clock.set(new Date("2031-05-06T07:08:09Z"));
        const { now, made, text, ...rest } = await told();
        for (const time of [now, made, text]) {
            const since = Number(time) - Date.parse("2031-05-06T07:08:09Z");
            assert.ok(since >= 0 && since < 60_000, String(time));
        }
        assert.deepEqual(rest, {
            kept: "2020-01-02T03:04:05.000Z",
            later: "2020-01-02T03:04:06.000Z",
            isDate: true,
            utc: Date.UTC(2020, 0, 1),
            parsed: Date.UTC(2020, 0, 1),
        });
    });

    it("tells real time until it is moved", async () => {
        assert.ok(Math.abs(Number((await told()).now) - Date.now()) < 60_000);
    });

    it("lets time pass, but never back", async () => {
        const going = `
            const first = performance.now();
            require("fs").writeFileSync(process.env.MOVED_CLOCK, "-86400000");
            console.log(performance.now() - first < 60_000 && performance.now() >= first);`;
        const { stdout } = await run(process.execPath, ["-e", going], { env: cleanEnvironment(clock.env) });
        assert.equal(stdout, "true\n");
    });

    it("moves while the child runs", async () => {
        const waiting = `
            const start = Date.now();
            const elapsed = performance.now();
            const timer = setInterval(() => {
                if (Date.now() - start < 86_000_000) return;
                clearInterval(timer);
                console.log(performance.now() - elapsed > 86_000_000 ? "a day later" : "nothing has passed");
            }, 5);
            console.log("started");`;
        const done = run(process.execPath, ["-e", waiting], {
            env: cleanEnvironment(clock.env),
            timeoutMs: 20_000,
            onLine: (line) => {
                if (line === "started") clock.set(new Date(Date.now() + 86_400_000));
            },
        });
        assert.equal((await done).stdout, "started\na day later\n");
    });
});
