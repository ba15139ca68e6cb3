/**
 * Which paths differ, as `pulumi preview --diff` shows them.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { propertyPath } from "../core/inputs/paths.js";
import { isObject } from "../core/json.js";
import type { PlanKind } from "../core/resource.js";
import type { Bag } from "./values.js";

/** How a path differs. */
export interface PathDiff {
    readonly path: string;
    readonly kind: "add" | "delete" | "update";
    /** Whether the path is that of an input; otherwise it is that of an output. */
    readonly isInput: boolean;
}

type Path = readonly (string | number)[];

/** Lists the paths that differ, as far as a plan names the inputs above them. */
export function diffOfPlan(changed: readonly string[], olds: Bag, news: Bag, kind: PlanKind): PathDiff[] {
    if (kind === "nothing") return [];
    const [before, after] = [withoutRepetition(olds), withoutRepetition(news)];
    // The method of validation may also be an additional parameter.
    const names = changed.flatMap((name) => (name === "dcvMethod" ? [name, "additionalParameters"] : [name]));
    const diffs = [...new Set(names)].flatMap((name) => {
        const path = name.split(".");
        return diffInside(path, valueAt(before, path), valueAt(after, path));
    });
    if (diffs.length > 0) return diffs;
    // The program is unchanged: the reissue is due, or the order has changed.
    return [{ path: kind === "reissue" ? "certificateId" : "status", kind: "update", isInput: false }];
}

/** Lists the inputs that differ, or may differ, in a preview in which some inputs are unknown. */
export function diffOfUnknown(olds: Bag, news: Bag): PathDiff[] {
    const [before, after] = [withoutRepetition(olds), withoutRepetition(news)];
    return diffInside([], before, after);
}

/** Removes the common name from `dnsNames`: a repetition of the common name there is no difference. */
function withoutRepetition(bag: Bag): Bag {
    const { certificate } = bag;
    if (!isObject(certificate) || !Array.isArray(certificate.dnsNames)) return bag;
    const { commonName } = certificate;
    const dnsNames = certificate.dnsNames.map((name: unknown) => (name === commonName ? undefined : name));
    return { ...bag, certificate: { ...certificate, dnsNames } };
}

function diffInside(path: Path, before: unknown, after: unknown): PathDiff[] {
    if (isDeepStrictEqual(before, after)) return [];
    if (before === undefined || before === null) return [at(path, "add")];
    if (after === undefined || after === null) return [at(path, "delete")];
    if (Array.isArray(before) && Array.isArray(after)) return diffOfLists(path, before, after);
    if (!isObject(before) || !isObject(after)) return [update(path)];
    const names = Object.keys({ ...before, ...after });
    return names.flatMap((name) => diffInside([...path, name], before[name], after[name]));
}

/** Compares two lists of names. A name that only moved is no difference, because the order of names means nothing. */
function diffOfLists(path: Path, before: readonly unknown[], after: readonly unknown[]): PathDiff[] {
    const missing = (list: readonly unknown[], other: readonly unknown[]) =>
        list.flatMap((item, index) =>
            item === undefined || other.some((one) => isDeepStrictEqual(one, item)) ? [] : [index],
        );
    const [gone, come] = [missing(before, after), missing(after, before)];
    return [
        ...gone.map((index) =>
            come.includes(index) ? update([...path, index]) : at([...path, index], "delete"),
        ),
        ...come.filter((index) => !gone.includes(index)).map((index) => at([...path, index], "add")),
    ];
}

function at(path: Path, kind: PathDiff["kind"]): PathDiff {
    return { path: propertyPath(path), kind, isInput: true };
}

function update(path: Path): PathDiff {
    return at(path, "update");
}

function valueAt(value: unknown, path: Path): unknown {
    return path.reduce<unknown>((holder, name) => (isObject(holder) ? holder[name] : undefined), value);
}
