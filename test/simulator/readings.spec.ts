import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import {
    makeKeyAndCsr,
    type OrderPolicy,
    type OrderSeed,
    type Simulator,
    type SimulatorOptions,
    startSimulator,
} from "../../simulator/index.js";
import { type Answer, call, codes, dig, reissue, reissueBody } from "./specClient.js";

const DAY = 86_400_000;
const now = new Date("2026-03-01T10:00:00Z");
const skip = { skip_approval: true };

describe("simulator: readings of what is not documented", () => {
    let simulator: Simulator;
    let orderId: number;
    afterEach(() => simulator.close());

    /** Starts with one order of that policy. */
    async function begin(
        policy: Partial<OrderPolicy> = {},
        seed: OrderSeed = {},
        options: SimulatorOptions = {},
    ): Promise<void> {
        simulator = await startSimulator({ clock: () => now, ...options });
        ({ orderId } = await simulator.seedOrder({ ...seed, policy }));
    }

    const get = async (path = "") =>
        (await call(simulator, "GET", `/order/certificate/${orderId}${path}`)).body;
    const certificateId = () => simulator.order(orderId).certificates.at(-1)?.certificateId ?? 0;
    const download = (id = certificateId(), format = "pem_all") =>
        call(simulator, "GET", `/certificate/${id}/download/format/${format}`);
    const leaves = ({ text }: Answer) =>
        (text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
            (pem) => new X509Certificate(pem),
        );
    const serialOf = (answer: Answer) => leaves(answer).find(({ ca }) => !ca)?.serialNumber;

    describe("comments of a reissue", () => {
        const comments = 'a <b> & "c" [d]';
        const readings: readonly [Partial<OrderPolicy>, string | undefined][] = [
            [{}, comments],
            [{ reportedComments: "absent" }, undefined],
            [{ reportedComments: "blank" }, ""],
            [{ reportedComments: "cut", commentsLength: 5 }, "a <b>"],
            [{ reportedComments: "escaped" }, "a &lt;b&gt; &amp; &quot;c&quot; &#91;d&#93;"],
        ];
        for (const [policy, expected] of readings) {
            it(`come back as ${JSON.stringify(expected)} with ${JSON.stringify(policy)}`, async () => {
                await begin(policy);
                await reissue(simulator, orderId, { comments });
                assert.equal(dig(await get(), "requests", -1, "comments"), expected);
                const requestId = simulator.order(orderId).requests.at(-1)?.requestId ?? 0;
                const { body } = await call(simulator, "GET", `/request/${requestId}`);
                assert.equal(dig(body, "comments"), expected, "in Request info too");
            });
        }

        it("are absent or blank where none were sent", async () => {
            await begin();
            await reissue(simulator, orderId);
            assert.equal(dig(await get(), "requests", -1, "comments"), "");
            simulator.policy(orderId, { emptyComments: "absent" });
            assert.equal(dig(await get(), "requests", -1, "comments"), undefined);
        });
    });

    it("lists no request whose approval was skipped, or no request to reissue at all", async () => {
        await begin();
        const types = async () => (dig(await get(), "requests") as unknown[]).map((one) => dig(one, "type"));
        await reissue(simulator, orderId, skip);
        assert.deepEqual(await types(), ["new_request"]);
        simulator.policy(orderId, { listsSkippedRequests: true });
        assert.deepEqual(await types(), ["new_request", "reissue"]);
        simulator.policy(orderId, { listsReissueRequests: false });
        assert.deepEqual(await types(), ["new_request"]);
    });

    it("has no request where the account has no approval step", async () => {
        await begin({ approval: "none" });
        const { body } = await reissue(simulator, orderId);
        assert.equal(dig(body, "requests"), undefined);
        assert.ok(dig(body, "certificate_chain"));
        assert.equal(simulator.order(orderId).requests.length, 1);
    });

    it("waits for an approver of an EV order although approval is skipped", async () => {
        await begin({ skipApprovalObeyed: false });
        const { body } = await reissue(simulator, orderId, skip);
        assert.ok(dig(body, "requests", 0, "id"));
        assert.equal(simulator.order(orderId).status, "reissue_pending");
    });

    it("begins a request as submitted, and approves it all the same", async () => {
        await begin({ requestStatus: "submitted" });
        const { body } = await reissue(simulator, orderId);
        assert.equal(dig(await get(), "requests", -1, "status"), "submitted");
        assert.equal(dig(await get(), "has_pending_request"), true);
        await simulator.approve(Number(dig(body, "requests", 0, "id")));
        assert.equal(simulator.order(orderId).status, "issued");
    });

    it("shows the pending certificate of an order, with its id and CSR and without validity", async () => {
        await begin();
        const before = await get();
        await reissue(simulator, orderId);
        assert.equal(dig(await get(), "certificate", "id"), dig(before, "certificate", "id"));
        simulator.policy(orderId, { certificateWhilePending: "pending" });
        const pending = simulator.order(orderId).certificates[1];
        for (const shown of [
            dig(await get(), "certificate"),
            dig((await call(simulator, "GET", "/order/certificate")).body, "orders", 0, "certificate"),
        ]) {
            assert.equal(dig(shown, "id"), pending?.certificateId);
            assert.equal(dig(shown, "status"), "pending");
            assert.equal(dig(shown, "valid_till"), undefined);
            assert.equal(dig(shown, "serial_number"), undefined);
        }
        assert.equal(dig(await get(), "certificate", "csr"), pending?.csr);
    });

    it("dates a certificate by its order, by itself, or not at all", async () => {
        let time = now;
        await begin({}, {}, { clock: () => time });
        time = new Date(now.getTime() + 5 * DAY);
        await reissue(simulator, orderId, skip);
        const dates = async () => {
            const certificate = dig(await get(), "certificate");
            return [dig(certificate, "date_created"), dig(certificate, "date_issued")];
        };
        const [order, own] = ["2026-03-01T10:00:00+00:00", "2026-03-06T10:00:00+00:00"];
        assert.deepEqual(await dates(), [order, order]);
        simulator.policy(orderId, { certificateDates: "reissue" });
        assert.deepEqual(await dates(), [own, own]);
        simulator.policy(orderId, { certificateDates: "absent" });
        assert.deepEqual(await dates(), [undefined, undefined]);
        assert.equal(
            dig(await get("/reissue"), "certificates", 0, "date_issued"),
            own,
            "the list has its own",
        );
    });

    it("freezes reads for a while after each POST, and the download does not lag", async () => {
        let time = now;
        await begin({ readLagMs: 90_000 }, {}, { clock: () => time });
        const seen = async () => {
            const list = await call(simulator, "GET", "/order/certificate?filters[status]=issued");
            const reissues = dig(await get("/reissue"), "certificates") as unknown[];
            return [
                dig(await get(), "reissues_count"),
                dig(list.body, "orders", 0, "reissues_count"),
                reissues.length,
            ];
        };
        await reissue(simulator, orderId, skip);
        assert.deepEqual(await seen(), [0, 0, 0]);
        assert.equal((await download()).status, 200);
        time = new Date(now.getTime() + 60_000);
        await reissue(simulator, orderId, skip);
        time = new Date(now.getTime() + 100_000);
        assert.deepEqual(await seen(), [0, 0, 0], "the second POST prolongs it");
        time = new Date(now.getTime() + 150_000);
        assert.deepEqual(await seen(), [2, 2, 2]);
    });

    for (const status of [400, 403, 404, 409, 204] as const) {
        it(`answers the download of an unissued certificate with ${status}`, async () => {
            await begin({ unissuedDownload: status });
            await reissue(simulator, orderId);
            const answer = await download();
            assert.equal(answer.status, status);
            assert.equal(codes(answer).length, status === 204 ? 0 : 1);
        });
    }

    it("downloads another certificate of the order as often as the policy says", async () => {
        await begin();
        for (let times = 0; times < 3; times += 1) await reissue(simulator, orderId, skip);
        const serials = simulator.order(orderId).certificates.map(({ serialNumber }) => serialNumber);
        const readings: readonly [OrderPolicy["downloadGives"], number][] = [
            ["first", 0],
            ["previous", 2],
            [2, 1],
        ];
        for (const [downloadGives, place] of readings) {
            simulator.policy(orderId, { downloadGives, wrongDownloads: 2 });
            const got = [await download(), await download(), await download()].map(serialOf);
            assert.deepEqual(got, [serials[place], serials[place], serials[3]], String(downloadGives));
        }
    });

    it("answers a reissue with the chain of the certificate before", async () => {
        await begin({ chainIn201: "previous" });
        const { body } = await reissue(simulator, orderId, skip);
        const { serialNumber } = new X509Certificate(String(dig(body, "certificate_chain", 0, "pem")));
        assert.equal(serialNumber, simulator.order(orderId).certificates[0]?.serialNumber);
    });

    it("bundles certificates in another order, with another leaf, or without the intermediate", async () => {
        await begin();
        const kinds = (answer: Answer) =>
            leaves(answer).map(({ ca, issuer, subject }) =>
                !ca ? "leaf" : issuer === subject ? "root" : "ca",
            );
        const readings = {
            leafFirst: ["leaf", "ca", "root"],
            leafLast: ["ca", "root", "leaf"],
            rootFirst: ["root", "ca", "leaf"],
            otherFirst: ["leaf", "leaf", "ca", "root"],
            leafOnly: ["leaf"],
        } as const;
        for (const bundle of Object.keys(readings) as (keyof typeof readings)[]) {
            simulator.policy(orderId, { bundle });
            assert.deepEqual(kinds(await download()), readings[bundle], bundle);
        }
    });

    it("answers with the page of a firewall", async () => {
        await begin({}, {}, { faults: [{ kind: "firewall", method: "POST" }] });
        const answer = await reissue(simulator, orderId);
        assert.deepEqual([answer.status, answer.headers.get("content-type")], [403, "text/html"]);
        assert.equal(answer.headers.get("x-cdn"), "Imperva");
        assert.equal(simulator.committedReissues(orderId), 0);
        assert.equal((await reissue(simulator, orderId)).status, 201, "and once only");
    });

    it("has error bodies of older forms", async () => {
        const [code, message] = ["not_found|order", "The specified order was not found."];
        const forms = {
            list: { errors: [{ code, message }] },
            object: { errors: { code, message } },
            error: { error: { code, message } },
            strings: { errors: [message] },
            description: { errors: [{ code, description: message }] },
        } as const;
        for (const errorForm of Object.keys(forms) as (keyof typeof forms)[]) {
            await begin({}, {}, { errorForm });
            const { text, headers } = await call(simulator, "GET", "/order/certificate/1");
            assert.deepEqual(JSON.parse(text), forms[errorForm]);
            const media =
                errorForm === "description" ? "application/vnd.digicert.error+json" : "application/json";
            assert.equal(headers.get("content-type"), media);
            await simulator.close();
        }
    });

    it("reports another status while a reissue is pending, and still takes no second one", async () => {
        await begin({ statusWhilePending: "processing" });
        assert.equal(dig(await get(), "status"), "issued");
        await reissue(simulator, orderId);
        assert.equal(dig(await get(), "status"), "processing");
        assert.deepEqual(codes(await reissue(simulator, orderId)), ["reissue_pending"]);
    });

    it("refuses with another status and code what no document has a code for", async () => {
        await begin({}, {}, { undocumentedError: { status: 409, code: "conflict" } });
        await reissue(simulator, orderId);
        const second = await reissue(simulator, orderId);
        assert.deepEqual([second.status, ...codes(second)], [409, "conflict"]);
        const unknown = await call(simulator, "GET", "/order/certificate/1");
        assert.deepEqual(
            [unknown.status, ...codes(unknown)],
            [404, "not_found|order"],
            "a documented one stays",
        );
    });

    it("reissues by itself with the same key, or with a new one", async () => {
        await begin();
        const csrs = () => simulator.order(orderId).certificates.map(({ csr }) => csr);
        simulator.autoReissue(orderId);
        simulator.policy(orderId, { autoReissueKey: "new" });
        simulator.autoReissue(orderId);
        const [first, same, other] = csrs();
        assert.equal(same, first);
        assert.notEqual(other, first);
        assert.equal(simulator.order(orderId).current.status, "issued");
    });

    it("has odd forms of members that decide nothing", async () => {
        await begin({ oddForms: ["emptyObjectsAsLists", "blankDnsNames", "oddListEntries", "idsAsStrings"] });
        const order = await get();
        assert.deepEqual(dig(order, "organization"), []);
        assert.equal(dig(order, "certificate", "id"), String(certificateId()));
        assert.deepEqual(dig(order, "requests", 0), null);
        simulator.policy(orderId, { oddForms: ["blankDnsNames"] });
        assert.deepEqual(dig(await get(), "certificate", "dns_names"), ["shop.example", " "]);
    });

    it("answers with the id of another order", async () => {
        await begin({ reportedOrderId: 999 });
        assert.equal(dig(await get(), "id"), 999);
    });

    it("answers a cancellation with 200 and a text", async () => {
        await begin({ statusAnswer: 200 });
        await reissue(simulator, orderId);
        const path = `/order/certificate/${orderId}/status`;
        const { status, text } = await call(simulator, "PUT", path, { status: "canceled", note: "no" });
        assert.deepEqual([status, text], [200, "OK"]);
        assert.equal(simulator.order(orderId).status, "issued");
    });

    it("needs server_platform only if the policy says so, and takes -1 where there is none", async () => {
        await begin();
        const { certificate } = await reissueBody();
        const path = `/order/certificate/${orderId}/reissue`;
        const body = { certificate: { ...certificate, server_platform: undefined }, ...skip };
        assert.equal((await call(simulator, "POST", path, body)).status, 201);
        assert.equal(simulator.order(orderId).current.serverPlatformId, -1);
        simulator.policy(orderId, { requiresServerPlatform: true });
        assert.deepEqual(codes(await call(simulator, "POST", path, body)), [
            "required_param:certificate.server_platform",
        ]);
    });

    it("takes numbers as strings, and a CSR with written-out line ends if the policy says so", async () => {
        await begin();
        const { certificate } = await reissueBody();
        const path = `/order/certificate/${orderId}/reissue`;
        const strings = { server_platform: { id: "45" }, cert_validity: { days: "90" } };
        assert.equal(
            (await call(simulator, "POST", path, { certificate: { ...certificate, ...strings }, ...skip }))
                .status,
            201,
        );
        const { serverPlatformId, validTill } = simulator.order(orderId).current;
        assert.deepEqual([serverPlatformId, validTill], [45, new Date("2026-05-30T23:59:59Z")]);
        const escaped = {
            certificate: { ...certificate, csr: String(certificate.csr).replaceAll("\n", "\\n") },
            ...skip,
        };
        assert.deepEqual(codes(await call(simulator, "POST", path, escaped)), ["csr_invalid_cannot_parse"]);
        simulator.policy(orderId, { takesEscapedCsr: true });
        assert.equal((await call(simulator, "POST", path, escaped)).status, 201);
    });

    it("issues for servers only, unless the account, the order or an obeyed request says otherwise", async () => {
        await begin({}, { extendedKeyUsage: "serverAndClientAuth" });
        const [server, client] = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];
        const usages = async () => leaves(await download()).find(({ ca }) => !ca)?.keyUsage;
        assert.deepEqual(await usages(), [server, client]);
        const { certificate } = await reissueBody();
        const asking = { certificate: { ...certificate, profile_option: "server_client_auth_eku" }, ...skip };
        const path = `/order/certificate/${orderId}/reissue`;
        await call(simulator, "POST", path, asking);
        assert.deepEqual(await usages(), [server], "profile_option is documented on orders only");
        simulator.policy(orderId, { ignoredParameters: [] });
        await call(simulator, "POST", path, asking);
        assert.deepEqual(await usages(), [server, client]);
        simulator.policy(orderId, { extendedKeyUsage: "serverAndClientAuth" });
        await reissue(simulator, orderId, skip);
        assert.deepEqual(await usages(), [server, client]);
    });

    it("does not prolong a certificate, and ends it on a fixed day", async () => {
        await begin({ prolongs: false }, { validTill: new Date("2026-03-20T12:00:00Z") });
        await reissue(simulator, orderId, skip);
        const till = () => simulator.order(orderId).current.validTill?.toISOString().slice(0, 10);
        assert.equal(till(), "2026-03-20");
        simulator.policy(orderId, { prolongs: true, fixedValidTill: "2026-04-01" });
        await reissue(simulator, orderId, skip);
        assert.equal(till(), "2026-04-01");
    });

    it("refuses an end in the past, and shortens or refuses one beyond the plan", async () => {
        await begin();
        const post = async (custom_expiration_date: string) => {
            const { certificate } = await reissueBody();
            const body = {
                certificate: { ...certificate, cert_validity: { custom_expiration_date } },
                ...skip,
            };
            return call(simulator, "POST", `/order/certificate/${orderId}/reissue`, body);
        };
        assert.deepEqual(codes(await post("2026-02-01")), [
            "invalid_value:certificate.cert_validity.custom_expiration_date",
        ]);
        assert.equal((await post("2030-01-01")).status, 201);
        simulator.policy(orderId, { validityBeyondOrder: "refused" });
        assert.deepEqual(codes(await post("2030-01-01")), ["cert_validity_exceeds_order_validity"]);
        simulator.policy(orderId, { refusedParameters: ["cert_validity"] });
        assert.deepEqual(codes(await post("2026-06-01")), ["invalid_value:certificate.cert_validity"]);
    });

    it("refuses names that DigiCert added, if the policy says so", async () => {
        await begin({ addsNames: ["www.shop.example"], refusesAddedNames: true });
        const twin = await reissue(simulator, orderId, skip, ["shop.example", "WWW.shop.example"]);
        assert.deepEqual(codes(twin), ["invalid_dns_name_on_duplicate"]);
        assert.equal((await reissue(simulator, orderId, skip)).status, 201);
    });

    it("tells in which order a renewal followed, by hand or by DigiCert's auto-renew", async () => {
        let time = now;
        await begin({ domains: "validated" }, { autoRenew: true }, { clock: () => time });
        assert.equal(dig(await get(), "auto_renew"), 1);
        assert.equal(dig(await get(), "renewed_order_id"), 0);
        time = new Date(now.getTime() + 340 * DAY);
        const { renewedOrderId } = simulator.order(orderId);
        assert.equal(dig(await get(), "renewed_order_id"), renewedOrderId);
        assert.equal(dig(await get(), "is_renewed"), true);
        const renewal = (await call(simulator, "GET", `/order/certificate/${renewedOrderId ?? 0}`)).body;
        assert.equal(dig(renewal, "is_renewal"), true);
        assert.equal(dig(renewal, "renewal_of_order_id"), orderId);
        assert.equal(dig(renewal, "order_valid_till"), "2028-03-01");
        const byHand = simulator.renewInConsole(renewedOrderId ?? 0);
        assert.equal(simulator.order(renewedOrderId ?? 0).renewedOrderId, byHand.orderId);
    });

    it("makes duplicates that revoke nothing and end with the original", async () => {
        await begin();
        const { csrPem } = await makeKeyAndCsr({ commonName: "shop.example" });
        const { certificate } = await reissueBody();
        const path = `/order/certificate/${orderId}/duplicate`;
        const body = { certificate: { ...certificate, csr: csrPem } };
        const other = { certificate: { ...certificate, common_name: "other.example" } };
        assert.deepEqual(codes(await call(simulator, "POST", path, other)), [
            "invalid_dns_name_on_duplicate",
        ]);
        const { body: answer } = await call(simulator, "POST", path, body);
        await simulator.approve(Number(dig(answer, "requests", 0, "id")));
        const order = simulator.order(orderId);
        assert.equal(order.certificates.length, 1);
        assert.deepEqual(
            order.duplicates.map(({ validTill, status }) => [validTill, status]),
            [[order.current.validTill, "issued"]],
        );
        assert.deepEqual(order.scheduledRevocations, []);
        assert.equal(
            serialOf(await download(order.duplicates[0]?.certificateId)),
            order.duplicates[0]?.serialNumber,
        );
        await reissue(simulator, orderId, skip, ["new.example"]);
        assert.equal(
            simulator.order(orderId).scheduledRevocations.length,
            2,
            "a removed name revokes duplicates too",
        );
    });

    it("packs a zip archive that can be unpacked", async () => {
        await begin({}, { commonName: "*.shop.example" });
        const address = `${simulator.baseUrl}/certificate/${certificateId()}/download/format/default`;
        const response = await fetch(address, { headers: { "x-dc-devkey": simulator.apiKey } });
        const archive = Buffer.from(await response.arrayBuffer());
        assert.equal(Number(response.headers.get("content-length")), archive.length);
        const end = archive.length - 22;
        assert.equal(archive.readUInt32LE(end), 0x06054b50);
        assert.equal(archive.readUInt16LE(end + 10), 3, "leaf, intermediate and root");
        const names: string[] = [];
        const serials: string[] = [];
        for (let entry = archive.readUInt32LE(end + 16), left = 3; left > 0; left -= 1) {
            const [nameLength, size] = [archive.readUInt16LE(entry + 28), archive.readUInt32LE(entry + 24)];
            names.push(archive.toString("latin1", entry + 46, entry + 46 + nameLength));
            const content = archive.readUInt32LE(entry + 42) + 30 + nameLength;
            serials.push(new X509Certificate(archive.subarray(content, content + size)).serialNumber);
            entry += 46 + nameLength;
        }
        assert.deepEqual(names, [
            "star_shop_example.crt",
            "Example_TLS_Issuing_CA.crt",
            "Example_Root_CA.crt",
        ]);
        const { issuingPem, rootPem } = simulator;
        assert.deepEqual(serials, [
            simulator.order(orderId).current.serialNumber,
            ...[issuingPem, rootPem].map((pem) => new X509Certificate(pem).serialNumber),
        ]);
    });

    it("filters orders as documented", async () => {
        await begin(
            {},
            {
                commonName: "a.example",
                validTill: new Date("2026-02-01T00:00:00Z"),
                orderValidTill: "2026-02-01",
            },
        );
        const fresh = await simulator.seedOrder({ commonName: "b.example", status: "pending" });
        const list = async (query: string) => {
            const { body } = await call(simulator, "GET", `/order/certificate?${query}`);
            return (dig(body, "orders") as unknown[]).map((order) =>
                dig(order, "certificate", "common_name"),
            );
        };
        assert.equal(simulator.order(orderId).status, "expired");
        assert.deepEqual(await list("filters[status]=issued"), ["a.example"], "issued includes expired");
        assert.deepEqual(await list("filters[valid_till]=null"), ["b.example"]);
        assert.deepEqual(await list("filters[valid_till]=<NOW"), ["a.example"]);
        assert.deepEqual(await list("filters[common_name]=%25.EXAMPLE"), ["a.example", "b.example"]);
        assert.deepEqual(await list("filters[search]=b.exa"), ["b.example"]);
        assert.deepEqual(await list("sort=-order_id"), ["b.example", "a.example"]);
        assert.deepEqual(await list(`filters[id]=${fresh.orderId}`), ["b.example"]);
    });
});
