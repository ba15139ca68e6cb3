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
    /** Whether it is an input; else it is an output. */
    readonly isInput: boolean;
}

type Path = readonly (string | number)[];

/** The paths below those that a plan names. */
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
    // Nothing in the program changed: the order did, or the time has come.
    return [{ path: kind === "reissue" ? "certificateId" : "status", kind: "update", isInput: false }];
}

/** The inputs that differ, or may, in a preview that does not know all of them. */
export function diffOfUnknown(olds: Bag, news: Bag): PathDiff[] {
    const [before, after] = [withoutRepetition(olds), withoutRepetition(news)];
    return diffInside([], before, after);
}

/** Names may repeat the common name, which changes nothing: a repetition is no entry of the list. */
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

/** Lists are lists of names: their order means nothing, so an entry that only moved is none that differs. */
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
