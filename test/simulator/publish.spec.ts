import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import {
    type OrderPolicy,
    type Simulator,
    type SimulatorOptions,
    startSimulator,
} from "../../simulator/index.js";
import { call, codes, dig, reissue } from "./specClient.js";

const MINUTE = 60_000;
const DAY = 86_400_000;
const dv = { name_id: "ssl_dv_geotrust", validation_type: "dv" };

describe("simulator: published records", () => {
    let simulator: Simulator;
    afterEach(() => simulator.close());

    async function begin(options: SimulatorOptions = {}): Promise<void> {
        simulator = await startSimulator({ policy: { approval: "auto" }, ...options });
    }

    /** A reissue that waits for its domains; gives back the order and the token. */
    async function waiting(
        names: readonly string[],
        policy: Partial<OrderPolicy> = {},
    ): Promise<{ orderId: number; token: string }> {
        const [commonName = "", ...dnsNames] = names;
        const { orderId } = await simulator.seedOrder({ commonName, dnsNames, product: dv, policy });
        const { body } = await reissue(simulator, orderId, {}, names);
        return { orderId, token: String(dig(body, "dcv_random_value")) };
    }

    const check = (orderId: number) => call(simulator, "PUT", `/order/certificate/${orderId}/check-dcv`);

    it("are found at the name and at _dnsauth, at the name below www. and below a wildcard", async () => {
        await begin();
        const { orderId, token } = await waiting(["shop.example", "www.shop.example", "*.lab.example"]);
        assert.deepEqual(simulator.order(orderId).domainsToValidate, ["shop.example", "lab.example"]);
        assert.deepEqual(codes(await check(orderId)), ["invalid_dns_txt"]);
        simulator.publish("_dnsauth.Shop.example.", "TXT", token);
        const partly = await check(orderId);
        assert.deepEqual(dig(partly.body, "dns_name_validations"), [
            { dns_name: "shop.example", status: "approved" },
            { dns_name: "www.shop.example", status: "approved" },
            { dns_name: "*.lab.example", status: "pending" },
        ]);
        assert.equal(dig(partly.body, "order_status"), "pending");
        simulator.publish("lab.example", "TXT", token);
        assert.equal(dig((await check(orderId)).body, "order_status"), "issued");
    });

    it("stand behind a CNAME that delegates _dnsauth, or are the CNAME of that method", async () => {
        await begin();
        const delegated = await waiting(["shop.example"]);
        simulator.publish("_dnsauth.shop.example", "CNAME", "shop.acme.example.");
        simulator.publish("shop.acme.example", "TXT", delegated.token);
        assert.equal((await check(delegated.orderId)).status, 200);

        const { orderId, token } = await waiting(["other.example"], { dcvMethod: "dns-cname-token" });
        simulator.publish(`${token}.other.example`, "CNAME", "dcv.digicert.com");
        assert.equal((await check(orderId)).status, 400, "the form that ended on 2025-10-28");
        simulator.publish("_dnsauth.other.example", "CNAME", `${token}.dcv.digicert.com`);
        assert.equal(dig((await check(orderId)).body, "order_status"), "issued");
    });

    it("are files for http-token: one for each name, none for a wildcard", async () => {
        await begin();
        const policy = { dcvMethod: "http-token" } as const;
        const { orderId, token } = await waiting(["shop.example", "www.shop.example"], policy);
        simulator.publish("shop.example", "FILE", `${token}\n`);
        assert.deepEqual(codes(await check(orderId)), ["file_random_value_not_found"]);
        simulator.publish("www.shop.example", "FILE", token);
        assert.equal(dig((await check(orderId)).body, "order_status"), "issued");
        const wildcard = await waiting(["*.lab.example"], policy);
        simulator.publish("lab.example", "FILE", wildcard.token);
        assert.equal((await check(wildcard.orderId)).status, 400);
    });

    it("are seen after their propagation, and no more once they are taken away", async () => {
        await begin({ propagationMs: 2 * MINUTE });
        const { orderId, token } = await waiting(["shop.example"], { pollsDcv: false });
        simulator.publish("shop.example", "TXT", token);
        assert.equal((await check(orderId)).status, 400);
        simulator.advance(2 * MINUTE);
        simulator.unpublish("shop.example", "TXT");
        assert.equal((await check(orderId)).status, 400);
        simulator.publish("shop.example", "TXT", token, 0);
        assert.equal((await check(orderId)).status, 200);
    });

    it("are found by DigiCert itself, for a week after the request", async () => {
        await begin();
        const early = await waiting(["shop.example"]);
        // DigiCert checks after 1, 3 and 7 minutes; the record comes after the second check, even in the same millisecond.
        simulator.advance(3 * MINUTE + 1);
        simulator.publish("shop.example", "TXT", early.token);
        assert.equal(simulator.order(early.orderId).status, "reissue_pending");
        simulator.advance(10 * MINUTE);
        assert.equal(simulator.order(early.orderId).status, "issued");

        const late = await waiting(["late.example"]);
        simulator.advance(8 * DAY);
        simulator.publish("late.example", "TXT", late.token);
        simulator.advance(2 * DAY);
        assert.equal(simulator.order(late.orderId).status, "reissue_pending", "the week is over");
        assert.equal((await check(late.orderId)).status, 200);
    });

    it("do not help with an expired token: a new one is given, and has to be published", async () => {
        await begin();
        const { orderId, token } = await waiting(["shop.example"]);
        simulator.advance(31 * DAY);
        simulator.publish("shop.example", "TXT", token);
        assert.equal((await check(orderId)).status, 400);
        const again = await call(simulator, "PUT", `/order/certificate/${orderId}/dcv-random-value`);
        const renewed = String(dig(again.body, "dcv_random_value"));
        assert.notEqual(renewed, token);
        simulator.publish("shop.example", "TXT", renewed);
        assert.equal((await check(orderId)).status, 200, "beside the old record");
    });

    it("are looked for in the way of the method that the order has now", async () => {
        await begin();
        const { orderId, token } = await waiting(["shop.example"]);
        simulator.publish("_dnsauth.shop.example", "CNAME", `${token}.dcv.digicert.com`);
        assert.equal((await check(orderId)).status, 400);
        const path = `/order/certificate/${orderId}/dcv-method`;
        const changed = await call(simulator, "PUT", path, { dcv_method: "dns-cname-token" });
        assert.equal(dig(changed.body, "dcv_random_value"), token, "the token stays");
        assert.equal((await check(orderId)).status, 200);
    });

    it("are needed for each reissue of a DV order, and for OV orders once the reuse is over", async () => {
        await begin();
        const { orderId, token } = await waiting(["shop.example"]);
        simulator.publish("shop.example", "TXT", token);
        await check(orderId);
        const second = await reissue(simulator, orderId);
        assert.notEqual(dig(second.body, "dcv_random_value"), token);
        assert.equal(simulator.order(orderId).status, "reissue_pending");

        const ov = await simulator.seedOrder({ commonName: "ov.example", orderValidTill: "2099-01-01" });
        const names = ["ov.example"];
        assert.ok(dig((await reissue(simulator, ov.orderId, {}, names)).body, "certificate_chain"));
        simulator.advance(200 * DAY);
        const late = await reissue(simulator, ov.orderId, {}, names);
        assert.ok(dig(late.body, "dcv_random_value"), "199 days are over");
        simulator.publish("ov.example", "TXT", String(dig(late.body, "dcv_random_value")));
        assert.equal(dig((await check(ov.orderId)).body, "order_status"), "issued");
        simulator.advance(100 * DAY);
        assert.ok(dig((await reissue(simulator, ov.orderId, {}, names)).body, "certificate_chain"), "reused");
    });

    it("can be published over the admin interface", async () => {
        await begin();
        const { orderId, token } = await waiting(["shop.example"]);
        const admin = async (method: string, body: unknown) => {
            const url = new URL("records", simulator.adminUrl);
            return fetch(url, { method, body: JSON.stringify(body) });
        };
        const record = { name: "_dnsauth.shop.example", type: "TXT" };
        assert.equal((await admin("POST", { ...record, type: "MX", value: token })).status, 400);
        await admin("POST", { ...record, value: "wrong" });
        await admin("DELETE", record);
        const published = await admin("POST", { ...record, value: token });
        assert.match(await published.text(), /TXT _dnsauth\.shop\.example is published/);
        assert.equal((await check(orderId)).status, 200);
    });

    describe("at real servers", () => {
        let dns: Socket;
        let web: Server;
        const answers = new Map<string, string>();
        let hosts: string[] = [];
        beforeEach(async () => {
            answers.clear();
            hosts = [];
            dns = createSocket("udp4");
            dns.on("message", (query, peer) => {
                dns.send(dnsAnswer(query, answers), peer.port, peer.address);
            });
            await new Promise<void>((resolve) => dns.bind(0, "127.0.0.1", resolve));
            web = createServer((request, response) => {
                hosts.push(`${request.headers.host ?? ""}${request.url ?? ""}`);
                const text = answers.get(`FILE ${request.headers.host ?? ""}`);
                response.writeHead(text === undefined ? 404 : 200).end(text);
            });
            await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
        });
        afterEach(() => {
            dns.close();
            web.close();
        });
        const servers = () => ({
            dns: `127.0.0.1:${dns.address().port}`,
            http: `127.0.0.1:${(web.address() as AddressInfo).port}`,
        });

        it("are asked for over DNS when check-dcv is called, and when DigiCert would look", async () => {
            await begin(servers());
            const txt = await waiting(["shop.example"]);
            assert.equal((await check(txt.orderId)).status, 400);
            answers.set("TXT _dnsauth.shop.example", txt.token);
            assert.equal((await check(txt.orderId)).status, 200);

            const cname = await waiting(["other.example"], { dcvMethod: "dns-cname-token" });
            answers.set("CNAME _dnsauth.other.example", `${cname.token}.dcv.digicert.com`);
            simulator.advance(2 * MINUTE);
            const path = `/order/certificate/${cname.orderId}`;
            assert.equal(dig((await call(simulator, "GET", path)).body, "status"), "issued");
        });

        it("are fetched over HTTP from the name for http-token", async () => {
            await begin(servers());
            const { orderId, token } = await waiting(["shop.example"], { dcvMethod: "http-token" });
            assert.equal((await check(orderId)).status, 400);
            answers.set("FILE shop.example", `${token}\n`);
            assert.equal((await check(orderId)).status, 200);
            assert.equal(hosts[0], "shop.example/.well-known/pki-validation/fileauth.txt");
        });
    });
});

/** Answers one question for TXT or CNAME: RFC 1035, 4. */
function dnsAnswer(query: Buffer, answers: ReadonlyMap<string, string>): Buffer {
    const labels: string[] = [];
    let at = 12;
    for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
        labels.push(query.toString("latin1", at + 1, at + 1 + length));
        at += length + 1;
    }
    const type = query.readUInt16BE(at + 1);
    const question = query.subarray(12, at + 5);
    const kind = type === 16 ? "TXT" : "CNAME";
    const value = answers.get(`${kind} ${labels.join(".").toLowerCase()}`);
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(value === undefined ? 0x8183 : 0x8180, 2);
    header.writeUInt16BE(1, 4);
    if (value === undefined) return Buffer.concat([header, question]);
    header.writeUInt16BE(1, 6);
    const text = (part: string) => Buffer.from([part.length, ...Buffer.from(part)]);
    const data =
        kind === "TXT" ? text(value) : Buffer.concat([...value.split(".").map(text), Buffer.from([0])]);
    const record = Buffer.alloc(12);
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(type, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(1, 6);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([header, question, record, data]);
}
