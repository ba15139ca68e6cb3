/**
 * Entry point `pulumi-digicert/plugin`: the resources of the provider plugin for a Node program. Loads neither HTTP, schema nor
 * X.509 code. The plugin itself is named in Pulumi.yaml.
 *
 * @module
 */
export { Reissue, type ReissueArgs, type ReissueState } from "./reissue.js";
export { Validation, type ValidationArgs, type ValidationState } from "./validation.js";
export { Provider, type ProviderArgs } from "./provider.js";
export { getOrder, getOrderOutput, type GetOrderArgs, type GetOrderOutputArgs } from "./getOrder.js";
export { dcvRecords, type DcvRecord, type DcvTokenSource } from "../dcvRecords.js";
export { dcvFile, type DcvFile } from "../dcvFile.js";
export type { CertificateArgs, CertificateOutput, JsonInput, JsonInputObject } from "../reissue.js";
export type { Order, PendingReissue } from "../../../provider/core/order/order.js";
export type { Json } from "../../../provider/core/json.js";
export type {
    DcvMethod,
    DeletionPolicy,
    SignatureHash,
    Status,
} from "../../../provider/core/reissue/enumerations.js";
