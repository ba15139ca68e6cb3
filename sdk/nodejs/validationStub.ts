/**
 * The module that Pulumi records of a validation: an address, no logic; see `stub.ts`. In an installed package it is recorded as
 * `require("pulumi-digicert/stub/validation")`. Specifier and names never change.
 *
 * @module
 */
import type { dynamic } from "@pulumi/pulumi";

type Provider = typeof import("../../provider/dynamic/index.js");
type Bag = Record<string, unknown>;

export const configure = (request: dynamic.ConfigureRequest): Promise<void> =>
    (require("pulumi-digicert/provider") as Provider).validation.configure(request);
export const check = (olds: Bag, news: Bag): Promise<dynamic.CheckResult> =>
    (require("pulumi-digicert/provider") as Provider).validation.check(olds, news);
export const diff = (id: string, olds: Bag, news: Bag): Promise<dynamic.DiffResult> =>
    (require("pulumi-digicert/provider") as Provider).validation.diff(id, olds, news);
export const create = (inputs: Bag): Promise<dynamic.CreateResult> =>
    (require("pulumi-digicert/provider") as Provider).validation.create(inputs);
export const update = (id: string, olds: Bag, news: Bag): Promise<dynamic.UpdateResult> =>
    (require("pulumi-digicert/provider") as Provider).validation.update(id, olds, news);
export const read = (id: string, props: Bag): Promise<dynamic.ReadResult> =>
    (require("pulumi-digicert/provider") as Provider).validation.read(id, props);
const remove = (id: string, props: Bag): Promise<void> =>
    (require("pulumi-digicert/provider") as Provider).validation.delete(id, props);
export { remove as delete };
