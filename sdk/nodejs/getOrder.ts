/**
 * Reads an order in a program: in the program's own process, because a dynamic provider has no functions of its own, with the
 * settings that the stack, or a `DigiCertProvider`, has.
 *
 * @module
 */
import {
    all,
    type Input,
    log,
    output,
    type Output,
    type ProviderResource,
    type Resource,
    runtime,
    unsecret,
} from "@pulumi/pulumi";
import { ConfigurationError, prepareForProgram } from "./errors.js";
import type { Message } from "../../provider/core/message.js";
import type { OrderInputName } from "../../provider/core/order/declaration.js";
import type { ListedOrder, Order } from "../../provider/core/order/order.js";
import type { AllTrue, Same } from "../../provider/core/same.js";
import type { Sources } from "../../provider/core/settings.js";
import { loadOrderLister, loadOrderReader } from "./orderReader.js";
import { settingsOf, type DigiCertProvider, type ProviderSettings } from "./provider.js";

/** Arguments of {@link getOrder}. */
export interface GetOrderArgs {
    /** The CertCentral order: a positive number, or a string of digits. */
    readonly orderId: number | string;
    /**
     * Whether to follow the renewals of the order: the order that renewed it is read, then the order that renewed that order, and so
     * on, at most ten times. The result is the last order of the chain that ever had a certificate; `renewedFrom` lists the orders
     * before it. Default `false`.
     *
     * One GET for each renewal. A loop, an eleventh renewal, and a renewal that the API key may not read end the chain with a
     * warning.
     */
    readonly followRenewals?: boolean | undefined;
}

/** Arguments of {@link getOrderOutput}. */
export interface GetOrderOutputArgs {
    /** The CertCentral order: a positive number, or a string of digits. While it is unknown, nothing is read. */
    readonly orderId: Input<number | string>;
    /** Whether to follow the renewals of the order, as in {@link GetOrderArgs}. Default `false`. */
    readonly followRenewals?: Input<boolean | undefined>;
}

/**
 * Fails to compile unless the arguments name exactly the inputs that the core declares.
 *
 * @internal
 */
export type DeclaredArguments = AllTrue<
    [Same<keyof GetOrderArgs, OrderInputName>, Same<keyof GetOrderOutputArgs, OrderInputName>]
>;

/** The provider whose settings are used; by default the settings of the stack. */
export interface GetOrderOptions {
    /** The provider; only its own key and region are used. */
    readonly provider?: DigiCertProvider | undefined;
    /** A resource; the provider that its children would inherit is used. */
    readonly parent?: Resource | undefined;
}

/**
 * Reads an order: names, product, end of the plan, current certificate, pending reissue. So a program can take the
 * names from the order instead of repeating them.
 *
 * Its requests are made whenever the program runs, **in `pulumi preview` too**: one GET, and one more while a reissue
 * is pending. They need the API key: `digicert:apiKey` in stack config or `DIGICERT_API_KEY`, by the rules that hold
 * for resources; with a `provider`, that provider's own. All reads of the program share the quota of the key. The result is not
 * secret; the key is in neither result nor errors. `pulumi refresh` and
 * `pulumi destroy` do not run the program, so they read nothing here.
 *
 * Source: DigiCert Services API, "Order info", `GET /order/certificate/{order_id}`.
 *
 * @param args - which order
 * @param opts - whose settings; default the stack's
 * @returns the order as it is now
 * @throws ConfigurationError if a setting is missing or invalid, or if the provider's settings are unknown in a preview
 * @throws RefusedError if `orderId` is not an order id
 * @throws DigiCertError of the class that says what DigiCert or the network did: AuthenticationError, PermissionError,
 * NotFoundError, RateLimitError, UnavailableError, TimeoutError. An error that the program does not catch ends it with one
 * sentence, without a stack trace.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { DigiCertReissue, getOrder, NotFoundError } from "pulumi-digicert";
 *
 * async function main(): Promise<void> {
 *     try {
 *         const { commonName, dnsNames } = await getOrder({ orderId: 112233 });
 *         const csr = readFileSync("shop.csr", "utf8");
 *         new DigiCertReissue("shop", { orderId: 112233, certificate: { commonName, dnsNames, csr } });
 *     } catch (error) {
 *         if (!(error instanceof NotFoundError)) throw error;
 *         console.error("order 112233 is not in this account");
 *     }
 * }
 *
 * export const done = main();
 * ```
 */
export async function getOrder(args: GetOrderArgs, opts: GetOrderOptions = {}): Promise<Order> {
    return withoutStackTrace(async () => {
        const own = ownSettings(opts);
        return read(args, own === undefined ? undefined : await knownSettings(own));
    });
}

/**
 * The same as {@link getOrder} for a program with outputs: takes the order id as an input, and returns an output. While the
 * id, or a setting of the provider, is unknown in preview, the order is unknown too, and no request is made. A secret
 * order id makes the result secret; the provider's key does not.
 *
 * @param args - which order
 * @param opts - whose settings; default the stack's
 * @throws like {@link getOrder}; here an error fails the run, and cannot be caught
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { DigiCertProvider, DigiCertReissue, getOrderOutput } from "pulumi-digicert";
 *
 * const config = new pulumi.Config();
 * const eu = new DigiCertProvider("eu", { apiKey: config.requireSecret("euApiKey"), region: "eu" });
 * const order = getOrderOutput({ orderId: 445566 }, { provider: eu });
 *
 * export const shop = new DigiCertReissue(
 *     "shop",
 *     {
 *         orderId: order.orderId,
 *         certificate: { commonName: order.commonName, dnsNames: order.dnsNames, csr: config.require("csr") },
 *     },
 *     { provider: eu },
 * );
 * ```
 */
export function getOrderOutput(args: GetOrderOutputArgs, opts: GetOrderOptions = {}): Output<Order> {
    const settings = ownSettings(opts);
    return all([output(args), settings === undefined ? undefined : unsecret(settings)]).apply(
        ([known, own]) => withoutStackTrace(() => read(known, own)),
    );
}

/** Arguments of {@link getOrders}. */
export interface GetOrdersArgs {
    /** Only orders of this product, by DigiCert's id of it, such as `ssl_plus`. Default: all. */
    readonly productNameId?: string | undefined;
}

/**
 * Lists the orders of the account, the oldest first: names, product, end of the plan, current certificate. One GET for each
 * 250 orders, whenever the program runs, in `pulumi preview` too; settings and errors as with {@link getOrder}. Entries that
 * cannot be read are missing, with a warning.
 *
 * Source: DigiCert Services API, "List orders", `GET /order/certificate`.
 *
 * @param args - which orders; default all
 * @param opts - whose settings; default the stack's
 * @throws as {@link getOrder}
 *
 * @example
 * ```ts
 * import { getOrderOutput, getOrders } from "pulumi-digicert";
 *
 * export const successors = getOrders().then((orders) =>
 *     orders
 *         .filter(({ isRenewed }) => isRenewed)
 *         .map(({ orderId }) => getOrderOutput({ orderId, followRenewals: true }).orderId),
 * );
 * ```
 */
export async function getOrders(
    args: GetOrdersArgs = {},
    opts: GetOrderOptions = {},
): Promise<ListedOrder[]> {
    return withoutStackTrace(async () => {
        const own = ownSettings(opts);
        const { readOrders } = await loadOrderLister();
        const sources = sourcesOf(own === undefined ? undefined : await knownSettings(own));
        return readOrders(sources, args, logMessage);
    });
}

async function read(args: GetOrderArgs, own: ProviderSettings | undefined): Promise<Order> {
    const { readOrder } = await loadOrderReader();
    return readOrder(sourcesOf(own), args, logMessage);
}

function sourcesOf(own: ProviderSettings | undefined): Sources {
    const config = own === undefined ? runtime.getConfig : (name: string) => own[name];
    return { config, env: process.env };
}

function logMessage({ severity, text }: Message): void {
    void log[severity === "warning" ? "warn" : "info"](text);
}

/** Returns the settings of the provider that the options name; undefined if the settings of the stack apply. */
function ownSettings({ provider, parent }: GetOrderOptions): Output<ProviderSettings> | undefined {
    const chosen: ProviderResource | undefined =
        provider ?? parent?.getProvider("pulumi-nodejs:dynamic/digicert:Reissue");
    if (chosen === undefined) return undefined;
    const settings = settingsOf(chosen);
    if (settings !== undefined) return settings;
    const message =
        "Reading an order: the provider in the options is no DigiCertProvider of this copy of pulumi-digicert, " +
        "so its key and region are not known, and no others are used. Pass a DigiCertProvider, or none";
    throw prepareForProgram(new ConfigurationError(message));
}

/** Members of Pulumi's outputs that their public type does not have. */
interface Resolvable<T> {
    readonly isKnown: Promise<boolean>;
    promise(): Promise<T>;
}

/**
 * Waits for the settings of a provider. If they are unknown in a preview, their promise never resolves, and the program would end
 * without a message.
 *
 * @throws ConfigurationError if they are unknown.
 */
async function knownSettings<T>(output: Output<T>): Promise<T> {
    const resolvable = output as unknown as Resolvable<T>;
    if (await resolvable.isKnown) return resolvable.promise();
    throw new ConfigurationError(
        "Reading an order: in this preview the key, or another setting, of the DigiCertProvider is not known yet. " +
            "Use getOrderOutput, which stays unknown as well.",
    );
}

async function withoutStackTrace<T>(step: () => Promise<T>): Promise<T> {
    try {
        return await step();
    } catch (error) {
        throw prepareForProgram(error);
    }
}
