import { z } from "zod";
import { type FaultRule, faultRuleSchema } from "./faultRules.js";
import { extendedKeyUsage, type OrderPolicy, policySchema, signatureHash } from "./policy.js";
import { recordType } from "./records.js";
import { type OrderSeed } from "./seed.js";
import { type ConsoleReissue, type Simulator } from "./simulator.js";

/** A route of the admin interface. */
export interface AdminRoute {
    method: "GET" | "POST" | "PUT" | "DELETE";
    path: string;
    about: string;
    /** Carries out the request. The result is sent as JSON; a text is sent as the member `message`. */
    run: (simulator: Simulator, input: { id: number; body: unknown }) => unknown;
}

const product = z.strictObject({
    name_id: z.string(),
    name: z.string(),
    type: z.string(),
    validation_type: z.string(),
});

const date = z.coerce.date();

const seedSchema = z
    .strictObject({
        id: z.int().positive(),
        commonName: z.string().nullable(),
        dnsNames: z.array(z.string()),
        csr: z.string(),
        signatureHash,
        serverPlatformId: z.int(),
        product: product.partial(),
        orderValidTill: z.iso.date(),
        validFrom: date,
        validTill: date,
        status: z.string(),
        autoReissue: z.boolean(),
        autoRenew: z.boolean(),
        renewedOrderId: z.int().positive(),
        renewalOfOrderId: z.int().positive(),
        alternativeOrderId: z.string(),
        extendedKeyUsage,
        comments: z.string(),
        policy: policySchema,
    } satisfies Record<keyof OrderSeed, z.ZodType>)
    .partial();

const consoleReissueSchema = z
    .strictObject({
        csr: z.string(),
        commonName: z.string(),
        dnsNames: z.array(z.string()),
        comments: z.string(),
        age: z.number().min(0),
        pending: z.enum(["approval", "validation"]),
    } satisfies Record<keyof ConsoleReissue, z.ZodType>)
    .partial();

const comment = z.strictObject({ comment: z.string().optional() });

const none = z.strictObject({});

const recordSchema = z.strictObject({
    name: z.string().min(1),
    type: recordType,
    value: z.string(),
    propagationMs: z.number().min(0).optional(),
});

// The answer to `curl -X POST …/approve`.
function outcome(simulator: Simulator, requestId: number, verb: string): string {
    const order = simulator
        .orders()
        .find(({ requests }) => requests.some((one) => one.requestId === requestId));
    const tail = order ? `; order ${order.orderId} is ${order.status}` : "";
    return `Request ${requestId} is ${verb}${tail}.`;
}

function route<T extends z.ZodType>(
    line: string,
    about: string,
    schema: T,
    run: (simulator: Simulator, body: z.infer<T>, id: number) => unknown,
): AdminRoute {
    const [method = "", path = ""] = line.split(" ");
    return {
        method: method as AdminRoute["method"],
        path,
        about,
        run: (simulator, { id, body }) => run(simulator, schema.parse(body), id),
    };
}

// An optional member is absent, because JSON has no undefined; zod types it as "or undefined".
const seedOf = (seed: z.infer<typeof seedSchema>) => seed as OrderSeed;
const policyOf = (policy: z.infer<typeof policySchema>) => policy as Partial<OrderPolicy>;
const reissueOf = (reissue: z.infer<typeof consoleReissueSchema>) => reissue as ConsoleReissue;
const faultOf = (rule: z.infer<typeof faultRuleSchema>) => rule as FaultRule;

const orderRoutes: readonly AdminRoute[] = [
    route("GET /orders", "all orders", none, (simulator) => simulator.orders()),
    route(
        "POST /orders",
        "make one: commonName, dnsNames, csr, orderValidTill, validTill, policy, …",
        seedSchema,
        (simulator, seed) => simulator.seedOrder(seedOf(seed)),
    ),
    route("GET /orders/:id", "one order with all its certificates and requests", none, (simulator, _, id) =>
        simulator.order(id),
    ),
    route(
        "PUT /orders/:id/policy",
        "change how DigiCert behaves towards the order: approval, domains, issuanceMs, …",
        policySchema,
        (simulator, policy, id) => {
            simulator.policy(id, policyOf(policy));
            return simulator.order(id);
        },
    ),
    route(
        "POST /orders/:id/issue",
        "complete the validation of the pending reissue",
        none,
        async (simulator, _, id) => {
            await simulator.issue(id);
            return simulator.order(id);
        },
    ),
    route(
        "POST /orders/:id/publish-dcv",
        "publish the DCV token for all domains of the order",
        none,
        (simulator, _, id) => {
            simulator.publishDcv(id);
            return simulator.order(id);
        },
    ),
    route(
        "POST /orders/:id/reissue",
        "reissue the order in the console: csr, commonName, dnsNames, pending, …",
        consoleReissueSchema,
        (simulator, reissue, id) => simulator.reissueInConsole(id, reissueOf(reissue)),
    ),
    route(
        "POST /orders/:id/auto-reissue",
        "let DigiCert reissue the order (auto-reissue)",
        none,
        (simulator, _, id) => {
            simulator.autoReissue(id);
            return simulator.order(id);
        },
    ),
    route(
        "POST /orders/:id/cancel-reissue",
        "cancel the pending reissue: comment",
        comment,
        (simulator, body, id) => {
            simulator.cancelReissue(id, body.comment);
            return simulator.order(id);
        },
    ),
    route("POST /orders/:id/cancel", "end the order", none, (simulator, _, id) => {
        simulator.cancelOrder(id);
        return simulator.order(id);
    }),
    route("POST /orders/:id/renew", "renew the order: a new order", none, (simulator, _, id) =>
        simulator.renewInConsole(id),
    ),
    route("POST /requests/:id/approve", "approve: comment", comment, async (simulator, body, id) => {
        await simulator.approve(id, body.comment);
        return outcome(simulator, id, "approved");
    }),
    route("POST /requests/:id/reject", "reject: comment", comment, async (simulator, body, id) => {
        await simulator.reject(id, body.comment);
        return outcome(simulator, id, "rejected");
    }),
    route("POST /certificates/:id/revoke", "revoke one certificate", none, (simulator, _, id) => {
        simulator.revoke(id);
        return `Certificate ${id} is revoked.`;
    }),
];

const otherRoutes: readonly AdminRoute[] = [
    route("GET /requests", "the requests to the API so far", none, (simulator) => simulator.requests),
    route("DELETE /requests", "forget them", none, (simulator) => {
        simulator.clearRequests();
        return "The recorded requests are deleted.";
    }),
    route(
        "POST /records",
        "publish a record: name, type (TXT, CNAME, FILE), value, propagationMs",
        recordSchema,
        (simulator, record) => {
            const { name, type, value, propagationMs } = record;
            simulator.publish(name, type, value, propagationMs);
            return `${type} ${name} is published: ${value}`;
        },
    ),
    route(
        "DELETE /records",
        "remove published records: name, type",
        recordSchema.pick({ name: true, type: true }),
        (simulator, { name, type }) => {
            simulator.unpublish(name, type);
            return `No ${type} record is published at ${name} any more.`;
        },
    ),
    route(
        "POST /faults",
        "add a fault: kind, method, path, nth, times, …",
        faultRuleSchema,
        (simulator, rule) => {
            simulator.fault(faultOf(rule));
            return `The fault ${rule.kind} applies to the next request that matches.`;
        },
    ),
    route("DELETE /faults", "remove all faults", none, (simulator) => {
        simulator.clearFaults();
        return "All faults are removed.";
    }),
    route(
        "PUT /quota",
        "enforce DigiCert's quota or not: isEnforced",
        z.strictObject({ isEnforced: z.boolean() }),
        (simulator, { isEnforced }) => {
            simulator.enforceQuota(isEnforced);
            return isEnforced ? "The quota is enforced." : "There is no quota.";
        },
    ),
    route("GET /clock", "the time", none, (simulator) => ({ now: simulator.now() })),
    route(
        "POST /clock/advance",
        "let time pass: ms",
        z.strictObject({ ms: z.number().min(0) }),
        (simulator, { ms }) => {
            simulator.advance(ms);
            return { now: simulator.now() };
        },
    ),
    route("GET /certificates", "root and issuing CA", none, ({ rootPem, issuingPem }) => ({
        rootPem,
        issuingPem,
    })),
];

/** All routes, in the order in which `GET /` lists them. */
export const adminRoutes = [...orderRoutes, ...otherRoutes];
