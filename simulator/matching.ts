import { type FaultSelector } from "./faultRules.js";

/** Whether a selector matches a request, by its method and its path under `/services/v2`. */
export type Matches = (method: string, path: string) => boolean;

function patternOf(path: string | RegExp | undefined): { pattern: RegExp; withQuery: boolean } {
    if (path === undefined) return { pattern: /^/, withQuery: false };
    if (path instanceof RegExp) {
        // A global RegExp remembers where it stopped, and would match only every second time.
        return { pattern: new RegExp(path.source, path.flags.replace(/[gy]/g, "")), withQuery: true };
    }
    const escaped = path.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
    const source = escaped.replace(/:\w+/g, "[^/]+").replace(/\*/g, ".*");
    return { pattern: new RegExp(`^${source}$`), withQuery: false };
}

/** Compiles method and path of a selector. */
export function makeMatcher(selector: Pick<FaultSelector, "method" | "path">): Matches {
    const { pattern, withQuery } = patternOf(selector.path);
    const method = selector.method?.toUpperCase();
    return (is, path) =>
        (method === undefined || method === is) &&
        pattern.test(withQuery ? path : (path.split("?")[0] ?? ""));
}
