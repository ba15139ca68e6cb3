import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { type Simulator, startSimulator } from "../../simulator/index.js";
import { isObject } from "../../simulator/json.js";
import { type Answer, call, codes, dig, reissueBody } from "./specClient.js";

/** The account of a call: an order with a pending request, an issued order, and their ids. */
interface Given {
    simulator: Simulator;
    /** Issued, with a reissue that waits for approval. */
    pendingId: number;
    pendingRequestId: number;
    /** Issued, reissued once. */
    issuedId: number;
    certificateId: number;
    serialNumber: string;
    /** A DV order with a reissue that waits for its validation. */
    dvId: number;
    /** Body of a reissue with all the members that the documents require. */
    body: Awaited<ReturnType<typeof reissueBody>>;
}

type Path = string | ((given: Given) => string);
type Body = (given: Given) => unknown;

/** Checks the members of an answer that a client needs. */
type Needs = (answer: Answer, given: Given) => void;

/** One documented call of a client. */
type Call = readonly [method: string, path: Path, needs: Needs, body?: Body];

function status(expected: number): Needs {
    return (answer) => {
        assert.equal(answer.status, expected, answer.text);
    };
}

/** 204, without a body. */
const done: Needs = ({ status: got, text }) => {
    assert.deepEqual([got, text], [204, ""]);
};

/** 200 (or as said) with members of these types; `a.b`, and `a.0` for the first item of a list. */
function members(types: Readonly<Record<string, string>>, expected = 200): Needs {
    return (answer) => {
        assert.equal(answer.status, expected, answer.text);
        for (const [path, type] of Object.entries(types)) {
            const value = dig(
                answer.body,
                ...path.split(".").map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
            );
            const got = Array.isArray(value) ? "list" : isObject(value) ? "object" : typeof value;
            assert.equal(got, type, `${path} in ${answer.text.slice(0, 400)}`);
        }
    };
}

/** A file of a media type. */
function file(type: string, begin: string | RegExp): Needs {
    return (answer) => {
        assert.equal(answer.status, 200, answer.text);
        assert.equal(answer.headers.get("content-type"), type);
        if (typeof begin === "string") assert.ok(answer.text.startsWith(begin), answer.text.slice(0, 40));
        else assert.match(answer.text, begin);
    };
}

/** PEM whose first certificate is the leaf. */
function pem(count: number): Needs {
    return (answer) => {
        assert.equal(answer.status, 200, answer.text);
        const found = answer.text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
        assert.equal(found.length, count);
        assert.equal(new X509Certificate(found[0] ?? "").ca, false, "the leaf comes first");
    };
}

const zip = file("application/zip", "PK");

function isEmptyOr(member: string): Needs {
    return ({ status: got, body }) => {
        assert.equal(got, 200);
        assert.ok(isObject(body) && (Object.keys(body).length === 0 || Array.isArray(body[member])));
    };
}

const order = ({ issuedId }: Given) => `/order/certificate/${issuedId}`;
const pending = ({ pendingId }: Given) => `/order/certificate/${pendingId}`;
const dv = ({ dvId }: Given) => `/order/certificate/${dvId}`;
const certificate = ({ certificateId }: Given) => `/certificate/${certificateId}`;

function under(base: (given: Given) => string, path: string): (given: Given) => string {
    return (given) => base(given) + path;
}

const orderInfo = members({
    id: "number",
    status: "string",
    "certificate.id": "number",
    "certificate.csr": "string",
});
const orderList = members({
    "orders.0.id": "number",
    "page.total": "number",
    "orders.0.certificate.valid_till": "string",
});
const accepted = members({ id: "number", "requests.0.id": "number" }, 201);

/** Client → call → what it needs. Where a client sends an odd body or header, it is sent here too. */
const clients: Readonly<Record<string, readonly Call[]>> = {
    "riboseinc/digicert": [
        ["GET", "/product", members({ "products.0.name_id": "string", "products.0.group_name": "string" })],
        [
            "GET",
            "/product/ssl_plus",
            members({ "signature_hash_types.allowed_hash_types.0.id": "string", server_platforms: "list" }),
        ],
        [
            "GET",
            "/organization",
            members({ "organizations.0.id": "number", "organizations.0.display_name": "string" }),
        ],
        [
            "GET",
            "/organization/43001",
            members({ status: "string", container: "object", ev_approvers: "list" }),
        ],
        ["GET", "/container", members({ "containers.0.id": "number", "containers.0.template_id": "number" })],
        ["GET", "/container/5", members({ id: "number", name: "string", is_active: "boolean" })],
        ["GET", "/container/5/template", members({ "container_templates.0.id": "number" })],
        ["GET", "/container/5/template/5", members({ access_roles: "list", date_created: "string" })],
        [
            "GET",
            "/domain?container_id=5",
            members({ "domains.0.name": "string", "domains.0.validations": "list" }),
        ],
        [
            "GET",
            "/domain/3001?include_dcv=true&include_validation=true",
            members({ is_active: "boolean", "validations.0.dcv_status": "string" }),
        ],
        ["PUT", "/domain/3001/deactivate", done],
        ["PUT", "/domain/3001/activate", done],
        ["GET", "/request", members({ "requests.0.id": "number", "requests.0.order.certificate": "object" })],
        ["GET", "/request?status=pending", members({ "requests.0.status": "string" })],
        ["GET", "/order/certificate?filters[status]=issued&sort=date_created", orderList],
        ["GET", order, orderInfo],
        ["GET", under(order, "/email-validation"), members({ delivery_options: "list", emails: "list" })],
        ["GET", "/report/order/5/expiring", members({ "expiring_orders.0.days_expiring": "number" })],
        ["POST", under(order, "/reissue"), accepted, ({ body }) => body],
        ["PUT", under(order, "/status"), done, () => ({ status: "canceled", note: "no", send_emails: true })],
        ["POST", under(order, "/duplicate"), accepted, ({ body }) => body],
        [
            "GET",
            under(order, "/duplicate"),
            members({ "certificates.0.sub_id": "string", "certificates.0.ca_cert_id": "string" }),
        ],
        ["GET", under(certificate, "/download/format/pem_all"), pem(3)],
        ["GET", under(certificate, "/download/format/default"), zip],
        ["GET", under(certificate, "/download/format/default_pem"), zip],
        ["GET", under(certificate, "/download/format/default_cer"), zip],
        ["GET", under(certificate, "/download/format/apache"), zip],
        ["GET", under(certificate, "/download/platform"), zip],
        ["GET", under(certificate, "/download/platform/29"), pem(3)],
        [
            "PUT",
            under(certificate, "/revoke"),
            members({ id: "number", type: "string", requester: "object" }, 201),
            () => ({ comments: "lost" }),
        ],
        [
            "PUT",
            ({ pendingRequestId }) => `/request/${pendingRequestId}/status`,
            done,
            () => ({ status: "approved" }),
        ],
    ],
    "sapcc/go-certcentral": [
        ["GET", order, orderInfo],
        [
            "GET",
            under(certificate, "/chain"),
            members({ "intermediates.0.pem": "string", "intermediates.2.subject_common_name": "string" }),
        ],
        ["GET", "/organization/?container_id=5", members({ organizations: "list" })],
        ["GET", "/domain/?container_id=5", members({ domains: "list" })],
        ["GET", "/product/", members({ products: "list" })],
        ...(["pem", "pem_all"] as const).map((format): Call => [
            "GET",
            under(certificate, `/download/format/${format}`),
            pem(3),
        ]),
        ["GET", under(certificate, "/download/format/pem_noroot"), pem(2)],
        ["GET", under(certificate, "/download/format/pem_nointermediate"), pem(1)],
        ["GET", under(certificate, "/download/format/crt"), pem(1)],
        [
            "GET",
            under(certificate, "/download/format/p7b"),
            file("application/x-pkcs7-certificates", "-----BEGIN PKCS7-----"),
        ],
        ["GET", ({ issuedId }) => `/certificate/download/order/${issuedId}/format/pem_all`, pem(3)],
        ["PUT", under(certificate, "/revoke"), done, () => ({ skip_approval: true })],
    ],
    "pkix/digicert": [
        ["GET", "/order/certificate/?limit=10&offset=0", orderList],
        ["GET", order, orderInfo],
        ["POST", under(order, "/reissue"), accepted, ({ body }) => body],
        ["PUT", under(order, "/status"), done, () => ({ status: "CANCELED", note: "no", send_emails: true })],
        [
            "GET",
            "/order/certificate/status-changes?minutes=10",
            members({
                "orders.0.order_id": "number",
                "orders.0.certificate_id": "number",
                "orders.0.status": "string",
            }),
        ],
        [
            "PUT",
            under(dv, "/dcv-method"),
            members({ dcv_random_value: "string" }),
            () => ({ dcv_method: "dns-txt-token" }),
        ],
        ["PUT", under(dv, "/dcv-random-value"), members({ dcv_random_value: "string" })],
        ["PUT", under(dv, "/resend-emails"), done],
        [
            "PUT",
            under(dv, "/check-dcv"),
            (answer) => {
                assert.deepEqual(codes(answer), ["invalid_dns_txt"]);
            },
        ],
        ["GET", "/container/5/order/organization", members({ "organizations.0.display_name": "string" })],
        ["GET", "/container/5/children", members({ containers: "list" })],
        ["GET", "/user", members({ "users.0.username": "string" })],
        [
            "GET",
            ({ pendingRequestId }) => `/request/${pendingRequestId}`,
            members({ type: "string", "order.certificate": "object" }),
        ],
        [
            "GET",
            under(certificate, "/download/format/p7b"),
            file("application/x-pkcs7-certificates", "-----BEGIN PKCS7-----"),
        ],
    ],
    "myklst/terraform-provider-st-digicert": [
        [
            "GET",
            "/order/certificate?filters[status]=issued&sort=-date_created&filters[common_name]=shop.example",
            orderList,
        ],
        [
            "POST",
            under(order, "/reissue"),
            accepted,
            // No platform, and zero values of what it leaves unset.
            ({ body }) => ({
                certificate: {
                    ...body.certificate,
                    server_platform: undefined,
                    certificate_id: 0,
                    organization: { id: 0 },
                    ca_cert_id: "",
                    certificate_chain: null,
                    errors: null,
                },
                organization: { id: 0 },
                order_validity: {},
                payment_method: "",
                renewal_of_order_id: 0,
                dcv_method: "dns-cname-token",
            }),
        ],
        [
            "GET",
            order,
            members({
                status: "string",
                order_valid_till: "string",
                is_renewed: "boolean",
                "certificate.valid_till": "string",
            }),
        ],
        ["GET", under(certificate, "/chain"), members({ "intermediates.0.subject_common_name": "string" })],
        [
            "GET",
            "/certificate/intermediates",
            members({
                "intermediates.0.subject_common_name": "string",
                "intermediates.0.issuer_common_name": "string",
            }),
        ],
        ["GET", "/product", members({ "products.0.name": "string" })],
        [
            "GET",
            "/domain",
            members({ "domains.0.is_pending_validation": "boolean", "domains.0.dcv_token.token": "string" }),
        ],
        [
            "GET",
            "/domain/3001?include_dcv=true&include_validation=true",
            members({ "dcv_token.status": "string" }),
        ],
        [
            "PUT",
            "/domain/3001/dcv/validate-token",
            (answer) => {
                assert.deepEqual([answer.status, codes(answer)], [200, []]);
            },
        ],
        ["PUT", under(order, "/status"), done, () => ({ status: "canceled", note: "Fail validate domain." })],
        ["PUT", under(order, "/revoke"), done, () => ({ skip_approval: true })],
    ],
    "Venafi/digicert-ca-connector": [
        [
            "GET",
            "/organization",
            members({ "organizations.0.is_active": "boolean", "organizations.0.status": "string" }),
        ],
        [
            "GET",
            "/product",
            members({
                "products.0.type": "string",
                "products.0.signature_hash_types.default_hash_type_id": "string",
            }),
        ],
        ["GET", order, members({ status: "string", "certificate.id": "number" })],
        [
            "GET",
            "/order/certificate?filters[product_name_id]=ssl_plus&filters[status]=issued&limit=10&offset=&sort=order_id",
            orderList,
        ],
        ["GET", under(certificate, "/download/format/pem_all"), pem(3)],
        [
            "PUT",
            ({ serialNumber }) => `/certificate/${serialNumber}/revoke`,
            (answer) => {
                assert.deepEqual([answer.status, dig(answer.body, "status")], [201, "submitted"]);
            },
            () => ({ reason: "superseded", comment: "" }),
        ],
    ],
    "Netflix/lemur": [
        ["GET", "/order/certificate?filters[status]=issued&limit=1000&offset=0", orderList],
        ["GET", under(certificate, "/download/platform/29"), pem(3)],
        ["PUT", under(certificate, "/revoke"), status(201), () => ({ comments: "unused" })],
        ["PUT", under(pending, "/status"), done, () => ({ status: "CANCELED", note: "Closing" })],
    ],
    "Infisical/infisical": [
        ["GET", "/organization", members({ organizations: "list" })],
        ["GET", "/organization/43001/validation", members({ "validations.0.status": "string" })],
        [
            "GET",
            "/order/alternate/a-1",
            members({ "orders.0.order_id": "number", "orders.0.certificate_id": "number" }),
        ],
        ["GET", "/order/certificate/status-changes?minutes=1&seconds=30", isEmptyOr("orders")],
        ["GET", under(certificate, "/download/format/pem_all"), pem(3)],
        ["PUT", under(order, "/revoke"), done, () => ({ skip_approval: true })],
    ],
    "Keyfactor/digicert-certcentral-caplugin": [
        [
            "GET",
            "/order/certificate?filters[container_id]=5&filters[valid_till]=>2026-01-01&limit=1000",
            orderList,
        ],
        [
            "GET",
            "/order/certificate/status-changes?filters[status_last_updated]=2026-02-28+0:0:0...2026-03-02+0:0:0",
            isEmptyOr("orders"),
        ],
        ["GET", "/product", members({ products: "list" })],
        ["GET", "/container", members({ containers: "list" })],
        [
            "POST",
            under(order, "/reissue"),
            members({ id: "number", certificate_id: "number", certificate_chain: "list" }, 201),
            ({ body, issuedId }) => ({
                order_id: issuedId,
                skip_approval: true,
                certificate: { ...body.certificate, server_platform: undefined },
            }),
        ],
        ["GET", under(order, "/reissue"), members({ "certificates.0.status": "string" })],
        ["GET", under(order, "/duplicate"), members({ certificates: "list" })],
        [
            "PUT",
            ({ pendingRequestId }) => `/request/${pendingRequestId}/status`,
            done,
            () => ({ status: "approved", processor_comment: "ok" }),
        ],
        ["PUT", under(order, "/revoke"), done, () => ({ skip_approval: true, comments: "gone" })],
    ],
    "digicert/digicert_client": [
        ["GET", order, orderInfo],
        ["GET", "/user/me", members({ id: "number", container: "object" })],
        [
            "GET",
            ({ issuedId }) => `/certificate/download/order/${issuedId}?subId=001&formatType=pem_all`,
            pem(3),
        ],
        ["GET", ({ issuedId }) => `/certificate/download/order/${issuedId}`, zip],
        ["GET", "/finance/balance", members({ balance: "string", currency: "string" })],
    ],
};

const now = new Date("2026-03-01T10:00:00Z");

describe("simulator: the calls of public clients", () => {
    let simulator: Simulator;
    let given: Given;
    beforeEach(async () => {
        simulator = await startSimulator({ clock: () => now });
        const issued = await simulator.seedOrder({ alternativeOrderId: "a-1", serverPlatformId: 45 });
        const waits = await simulator.seedOrder();
        const dvOrder = await simulator.seedOrder({
            product: { name_id: "ssl_dv_geotrust", validation_type: "dv" },
        });
        const body = await reissueBody();
        const skip = { ...body, skip_approval: true };
        await call(simulator, "POST", `/order/certificate/${issued.orderId}/reissue`, skip);
        await call(simulator, "POST", `/order/certificate/${dvOrder.orderId}/reissue`, skip);
        const answer = await call(simulator, "POST", `/order/certificate/${waits.orderId}/reissue`, body);
        const { certificateId, serialNumber = "" } = simulator.order(issued.orderId).current;
        given = {
            simulator,
            pendingId: waits.orderId,
            pendingRequestId: Number(dig(answer.body, "requests", 0, "id")),
            issuedId: issued.orderId,
            certificateId,
            serialNumber,
            dvId: dvOrder.orderId,
            body,
        };
    });
    afterEach(() => simulator.close());

    for (const [client, calls] of Object.entries(clients)) {
        it(`answers ${client} as it needs it (${calls.length} calls)`, async () => {
            for (const [method, path, needs, body] of calls) {
                const address = typeof path === "string" ? path : path(given);
                const answer = await call(simulator, method, address, body?.(given));
                try {
                    needs(answer, given);
                } catch (error) {
                    throw new Error(`${method} ${address}: ${answer.status} ${answer.text.slice(0, 300)}`, {
                        cause: error,
                    });
                }
            }
        });
    }
});
