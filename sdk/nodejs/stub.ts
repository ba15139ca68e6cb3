/**
 * The module that Pulumi records in a stack's state: an address, no logic. In an installed package it is recorded as
 * `require("pulumi-digicert/stub")`; elsewhere as the text of these functions, so each function loads
 * the provider by its literal package name and captures nothing. Specifiers and names are frozen for ever,
 * because the states of all versions hold them.
 *
 * @module
 */
import type { dynamic } from "@pulumi/pulumi";

type Provider = typeof import("../../provider/dynamic/index.js");
type Bag = Record<string, unknown>;

export const configure = (request: dynamic.ConfigureRequest): Promise<void> =>
    (require("pulumi-digicert/provider") as Provider).configure(request);
export const check = (olds: Bag, news: Bag): Promise<dynamic.CheckResult> =>
    (require("pulumi-digicert/provider") as Provider).check(olds, news);
export const diff = (id: string, olds: Bag, news: Bag): Promise<dynamic.DiffResult> =>
    (require("pulumi-digicert/provider") as Provider).diff(id, olds, news);
export const create = (inputs: Bag): Promise<dynamic.CreateResult> =>
    (require("pulumi-digicert/provider") as Provider).create(inputs);
export const update = (id: string, olds: Bag, news: Bag): Promise<dynamic.UpdateResult> =>
    (require("pulumi-digicert/provider") as Provider).update(id, olds, news);
export const read = (id: string, props: Bag): Promise<dynamic.ReadResult> =>
    (require("pulumi-digicert/provider") as Provider).read(id, props);
const remove = (id: string, props: Bag): Promise<void> =>
    (require("pulumi-digicert/provider") as Provider).delete(id, props);
export { remove as delete };
