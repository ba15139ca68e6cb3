import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { type KeyAndCsr, makeKeyAndCsr, startSimulator } from "../../simulator/index.js";
import { type World, worlds } from "../../simulator/worlds.js";
import { call } from "./specClient.js";

const start = new Date("2026-03-01T10:00:00Z");

/** Puts a number in the place of what is new in every run: keys, serial numbers, tokens, certificates. */
function masker(): (text: string) => string {
    const seen = new Map<string, string>();
    const mark = (kind: string) => (value: string) => {
        const known = seen.get(value) ?? `<${kind} ${seen.size + 1}>`;
        seen.set(value, known);
        return known;
    };
    const certificateOf = (pem: string) => {
        // `keyUsage` holds the extended usages. Those of CA certificates begin and end by the real clock.
        const { subject, validTo, keyUsage, ca } = new X509Certificate(pem);
        return ca ? subject : `${mark("certificate")(pem)} ${[subject, validTo, ...keyUsage].join(" ")}`;
    };
    return (text) =>
        text
            .replaceAll("\\r\\n", "\n")
            .replaceAll("\r\n", "\n")
            .replace(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g, certificateOf)
            .replace(/\b[0-9A-Fa-f]{32,40}\b/g, mark("hex"));
}

/** Ends a history as soon as it differs from another one. */
class Differs extends Error {}

/**
 * Everything that one client sees of one history, which touches what the worlds differ in.
 *
 * @param expected - what it is compared with; the first difference ends the history
 */
async function transcript(
    { policy, options }: World,
    keys: readonly KeyAndCsr[],
    expected?: readonly string[],
): Promise<string[]> {
    let now = start;
    const simulator = await startSimulator({ clock: () => now, ...options, ...(policy && { policy }) });
    const mask = masker();
    const lines: string[] = [];
    const note = (line: string) => {
        lines.push(line);
        if (expected && expected[lines.length - 1] !== line) throw new Differs(line);
    };
    const ask = async (method: string, path: string, body?: unknown) => {
        const answer = await call(simulator, method, path, body);
        const type = answer.headers.get("content-type") ?? "";
        const text = type === "application/zip" ? "" : answer.text;
        note(mask(`${method} ${path} ${answer.status} ${type} ${text}`));
        return answer;
    };
    const wait = (ms: number) => {
        now = new Date(now.getTime() + ms);
    };
    try {
        const [first, second] = keys;
        const csr = first?.csrPem ?? "";
        const names = { commonName: "shop.example", dnsNames: ["www.shop.example"] };
        const { orderId } = await simulator.seedOrder({ csr, ...names });
        const dv = await simulator.seedOrder({ csr, ...names, product: { validation_type: "dv" } });
        const path = `/order/certificate/${orderId}`;
        const certificate = {
            common_name: "shop.example",
            dns_names: ["www.shop.example"],
            csr: second?.csrPem,
            signature_hash: "sha256",
            profile_option: "server_client_auth_eku",
            cert_validity: { custom_expiration_date: "2030-01-01" },
        };
        const comments = "[pulumi-digicert 7f3a9c211b2c3d4e] a & b";
        const look = async () => {
            await ask("GET", path);
            await ask("GET", "/order/certificate");
            await ask("GET", `${path}/reissue`);
            const { requests, certificates } = simulator.order(orderId);
            const requestId = requests.at(-1)?.requestId;
            await ask("GET", `/request/${requestId ?? 0}`);
            const latest = certificates.at(-1)?.certificateId ?? 0;
            for (let times = 0; times < 3; times += 1)
                await ask("GET", `/certificate/${latest}/download/format/pem_all`);
        };
        const dvPath = `/order/certificate/${dv.orderId}`;

        await ask("GET", path);
        await ask("GET", path);
        await ask("POST", `${path}/reissue`, { certificate: {} });
        // Needs approval, and is canceled.
        await ask("POST", `${path}/reissue`, { certificate, comments });
        await look();
        await ask("POST", `${path}/reissue`, { certificate, comments });
        await ask("PUT", `${path}/status`, { status: "canceled", note: "no" });
        wait(400_000);
        // Skips approval; the names are proven in the end, one after the other.
        for (const round of [1, 2]) {
            await ask("POST", `${path}/reissue`, { certificate, comments, skip_approval: true });
            await look();
            const { dcvRandomValue: token = "" } = simulator.order(orderId);
            await ask("PUT", `${path}/check-dcv`);
            simulator.publish(`${round === 1 ? "_dnsauth." : ""}shop.example`, "TXT", token);
            await ask("PUT", `${path}/check-dcv`);
            await look();
            simulator.publishDcv(orderId);
            await ask("PUT", `${path}/check-dcv`);
            wait(400_000);
            simulator.publish("shop.example", "TXT", "something else");
            await look();
        }
        // Comes back, later, without comments.
        wait(20 * 86_400_000);
        await ask("POST", `${path}/reissue`, {
            certificate: {
                ...certificate,
                common_name: "www.shop.example",
                dns_names: [],
                cert_validity: { days: "90" },
            },
            skip_approval: true,
        });
        await look();
        note(JSON.stringify(simulator.order(orderId).scheduledRevocations.map(({ at }) => at)));
        await ask("POST", `${dvPath}/reissue`, { certificate, skip_approval: true });
        simulator.publishDcv(dv.orderId);
        wait(3_600_000);
        await ask("GET", dvPath);
        await ask("PUT", `${dvPath}/revoke`, { comments: "one" });
        const { current } = simulator.order(orderId);
        await ask("PUT", `/certificate/${current.certificateId}/revoke`, { skip_approval: true });
        for (const one of simulator.order(orderId).certificates) {
            await ask("PUT", `/certificate/${one.certificateId}/revoke`, { skip_approval: true });
        }
        simulator.autoReissue(dv.orderId);
        await ask("GET", `${dvPath}/reissue`);
        wait(200 * 86_400_000);
        await ask("GET", path);
        for (let times = 0; times < 101 && options?.rateLimit; times += 1) await ask("GET", "/user/me");
        return lines;
    } finally {
        await simulator.close();
    }
}

describe("simulator: worlds", () => {
    let keys: readonly KeyAndCsr[];
    let documented: readonly string[];
    before(async () => {
        keys = [await makeKeyAndCsr({ commonName: "one" }), await makeKeyAndCsr({ commonName: "two" })];
        documented = await transcript({ name: "", about: "" }, keys);
    });

    it("have names of their own, and tell each its reading in a sentence", () => {
        assert.equal(new Set(worlds.map(({ name }) => name)).size, worlds.length);
        for (const { name, about } of worlds) assert.match(about, /^[A-Z0-9a-z].*\.$/, name);
    });

    it("begin with the documented one, which plays the same history in the same way every time", async () => {
        const [first] = worlds;
        assert.ok(first && !first.policy && !first.options);
        assert.deepEqual(await transcript(first, keys), documented);
    });

    for (const world of worlds.slice(1)) {
        it(`${world.name}: a client can see the difference`, async () => {
            await assert.rejects(transcript(world, keys, documented), Differs, world.about);
        });
    }
});
