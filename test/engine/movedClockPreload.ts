/**
 * Loaded into a child process by `node --require`. It moves `Date` by the milliseconds in the file that `MOVED_CLOCK` names, and
 * `performance.now()` by each increase of that number. The file is read each time, so that the clock can be moved while the child
 * runs. Timers use real time.
 */
import { readFileSync } from "node:fs";

const file = process.env.MOVED_CLOCK ?? "";
const RealDate = Date;
const realElapsed = performance.now.bind(performance);

function moved(): number {
    return Number(readFileSync(file, "utf8"));
}

function now(): number {
    return RealDate.now() + moved();
}

globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
        Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    apply: () => new RealDate(now()).toString(),
    get: (target, key) => (key === "now" ? now : (Reflect.get(target, key) as unknown)),
});
RealDate.prototype.constructor = Date;

let seen = moved();
let passed = 0;
performance.now = () => {
    const next = moved();
    passed += Math.max(0, next - seen); // it never goes back
    seen = next;
    return realElapsed() + passed;
};
