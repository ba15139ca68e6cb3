/** A provider that does nothing. It is a package, so that Pulumi records it by reference, as it records this package. */
import { readFileSync } from "node:fs";
import type { dynamic } from "@pulumi/pulumi";

type Bag = Record<string, unknown>;

/** Outputs of a real `DigiCertReissue`; the host runs in the program's folder. */
let outputs: Bag | undefined;

export const check = (_olds: Bag, news: Bag): Promise<dynamic.CheckResult> =>
    Promise.resolve({ inputs: news, failures: [] });
export const diff = (): Promise<dynamic.DiffResult> => Promise.resolve({ changes: false });
export const create = (inputs: Bag): Promise<dynamic.CreateResult> => {
    outputs ??= (JSON.parse(readFileSync("sample.json", "utf8")) as { outputs: Bag }).outputs;
    return Promise.resolve({ id: String(inputs.orderId), outs: { ...outputs, ...inputs } });
};
