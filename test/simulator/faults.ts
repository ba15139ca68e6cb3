import { type CompleteFault, completeFault, type FaultRule } from "./faultRules.js";

function patternOf(path: string | RegExp | undefined): { pattern: RegExp; withQuery: boolean } {
    if (path === undefined) return { pattern: /^/, withQuery: false };
    if (path instanceof RegExp) {
        // A global one remembers where it stopped, and would match every other time.
        return { pattern: new RegExp(path.source, path.flags.replace(/[gy]/g, "")), withQuery: true };
    }
    const escaped = path.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
    const source = escaped.replace(/:\w+/g, "[^/]+").replace(/\*/g, ".*");
    return { pattern: new RegExp(`^${source}$`), withQuery: false };
}

interface ArmedFault {
    matches: (method: string, path: string) => boolean;
    fault: CompleteFault;
    /** Matching requests that are let through first. */
    skip: number;
    left: number;
}

function arm(rule: FaultRule): ArmedFault {
    const { pattern, withQuery } = patternOf(rule.path);
    const method = rule.method?.toUpperCase();
    return {
        matches: (is, path) =>
            (method === undefined || method === is) &&
            pattern.test(withQuery ? path : (path.split("?")[0] ?? "")),
        fault: completeFault(rule),
        skip: (rule.nth ?? 1) - 1,
        left: rule.times ?? 1,
    };
}

/** The faults that are waiting for their request. */
export class Faults {
    private armed: ArmedFault[] = [];

    add(rule: FaultRule): void {
        this.armed.push(arm(rule));
    }

    clear(): void {
        this.armed = [];
    }

    /** The fault that strikes this request, if one does; the rule that was added first wins. */
    strike(method: string, path: string): CompleteFault | undefined {
        let struck: CompleteFault | undefined;
        for (const one of this.armed) {
            if (struck || !one.matches(method, path)) continue;
            if (one.skip > 0) one.skip -= 1;
            else {
                one.left -= 1;
                struck = one.fault;
            }
        }
        this.armed = this.armed.filter((one) => one.left > 0);
        return struck;
    }
}
