/**
 * Loaded into a child by `node --require`: its `Date` is moved by the milliseconds in the file that `MOVED_CLOCK` names.
 * The file is read each time, so that the clock can be moved while the child runs. Timers keep to real time.
 */
import { readFileSync } from "node:fs";

const file = process.env.MOVED_CLOCK ?? "";
const RealDate = Date;

function now(): number {
    return RealDate.now() + Number(readFileSync(file, "utf8"));
}

globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
        Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    apply: () => new RealDate(now()).toString(),
    get: (target, key) => (key === "now" ? now : (Reflect.get(target, key) as unknown)),
});
RealDate.prototype.constructor = Date;
