/**
 * Entry point `pulumi-digicert`: what a Pulumi program imports. Loads neither HTTP, schema nor X.509 code.
 *
 * @module
 */
export {
    DigiCertReissue,
    type CertificateArgs,
    type CertificateOutput,
    type DigiCertReissueArgs,
    type JsonInput,
    type JsonInputObject,
} from "./reissue.js";
export {
    DigiCertValidation,
    type DigiCertValidationArgs,
    type DigiCertValidationSettings,
    type ReissueOutputs,
} from "./validation.js";
export { dcvRecords, type DcvRecord, type DcvTokenSource } from "./dcvRecords.js";
export { dcvFile, type DcvFile } from "./dcvFile.js";
export { DigiCertProvider, type DigiCertProviderArgs } from "./provider.js";
export {
    getOrder,
    getOrderOutput,
    getOrders,
    type GetOrderArgs,
    type GetOrderOptions,
    type GetOrderOutputArgs,
    type GetOrdersArgs,
} from "./getOrder.js";
export type { ListedOrder, Order, PendingReissue } from "../../provider/core/order/order.js";
export {
    AmbiguousError,
    AuthenticationError,
    CertificateError,
    ConfigurationError,
    DigiCertError,
    ExpiringError,
    InvalidRequestError,
    NotFoundError,
    PendingError,
    PermissionError,
    RateLimitError,
    RefusedError,
    RejectedError,
    StateError,
    StoppedError,
    TimeoutError,
    UnavailableError,
    type ApiError,
    type DigiCertErrorCode,
    type DigiCertErrorDetails,
} from "../../provider/core/errors.js";
export type { Json } from "../../provider/core/json.js";
export type {
    DcvMethod,
    DeletionPolicy,
    SignatureHash,
    Status,
} from "../../provider/core/reissue/enumerations.js";
