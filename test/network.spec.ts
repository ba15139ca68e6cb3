import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, request as httpRequest, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startHost, type DynamicHost } from "./engine/host.js";
import { startSimulator, type OrderSeed, type Simulator } from "../simulator/index.js";

/** A name that no resolver knows: only the proxy can take a request there. */
const NAME = "certcentral.invalid";

const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function listening(server: Server): Promise<Server> {
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return server;
}

describe("the network around the provider", function () {
    this.timeout(30_000);
    let simulator: Simulator;
    let folder: string;
    let proxy: Server;
    let tls: Server;
    /** Where the proxy's tunnels end. */
    let upstream: Server;
    let tunnels: string[];
    /** Everything that the proxy was told. */
    let heads: string[];
    let host: DynamicHost | undefined;
    let orderId: string;

    before(async () => {
        simulator = await startSimulator();
        orderId = String((await simulator.seedOrder({ commonName: "shop.example" })).orderId);
        folder = mkdtempSync(join(tmpdir(), "digicert-network-"));
        writeFileSync(join(folder, "root.pem"), simulator.rootPem);

        tls = await tlsServer({ commonName: NAME });
        proxy = createHttpServer().on("connect", (request, client) => {
            tunnels.push(request.url ?? "");
            heads.push(request.rawHeaders.join("\n"));
            const server = connect(portOf(upstream), "127.0.0.1", () => {
                client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
                client.pipe(server).pipe(client);
            });
            client.on("error", () => server.destroy());
            server.on("error", () => client.destroy());
        });
        await listening(proxy);
    });
    beforeEach(() => {
        upstream = tls;
        tunnels = [];
        heads = [];
        simulator.clearRequests();
    });
    afterEach(() => host?.close());
    after(async () => {
        for (const server of [proxy, tls]) {
            server.closeAllConnections();
            server.close();
        }
        await simulator.close();
        rmSync(folder, { recursive: true });
    });

    /** A server with a certificate of the simulator's CA, in front of the simulator. */
    async function tlsServer(seed: OrderSeed): Promise<Server> {
        const { keyPem = "", current } = await simulator.seedOrder(seed);
        const cert = `${current.pem ?? ""}${simulator.issuingPem}`;
        const server = createTlsServer({ key: keyPem, cert }, (request, response) => {
            const { pathname } = new URL(request.url ?? "/", simulator.baseUrl);
            const options = { method: request.method ?? "GET", headers: request.headers };
            httpRequest(new URL(pathname, simulator.baseUrl), options, (answer) => {
                response.writeHead(answer.statusCode ?? 500, answer.headers);
                answer.pipe(response);
            }).end();
        });
        return listening(server);
    }

    const proxied = () => ({ HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}` });
    const trusting = () => ({ NODE_EXTRA_CA_CERTS: join(folder, "root.pem") });

    async function get(env: Record<string, string>, baseUrl = `https://${NAME}/services/v2`) {
        host = await startHost({
            env: { DIGICERT_API_KEY: simulator.apiKey, DIGICERT_BASE_URL: baseUrl, ...env },
        });
        await host.configure({});
        return host.read(orderId, {});
    }

    it("goes through HTTPS_PROXY, and trusts NODE_EXTRA_CA_CERTS", async () => {
        const { props } = await get({ ...proxied(), ...trusting() });
        assert.equal(props.status, "issued");
        assert.ok(tunnels.length > 0 && tunnels.every((target) => target === `${NAME}:443`));
        assert.ok(!heads.join("\n").includes(simulator.apiKey), "the proxy is not told the key");
    });

    it("goes around the proxy for what NO_PROXY names @long", async () => {
        await assert.rejects(
            get({ ...proxied(), ...trusting(), NO_PROXY: NAME }),
            /cannot be reached.*ENOTFOUND|EAI_AGAIN/,
        );
        assert.deepEqual(tunnels, []);
    });

    // The next test sees it too.
    it("trusts nobody else @long", async () => {
        await assert.rejects(get(proxied()), /cannot be reached.*certificate/);
    });

    it("verifies also where the environment says that nobody has to", async () => {
        const careless = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };
        await assert.rejects(get({ ...proxied(), ...careless }), /cannot be reached.*certificate/);
        await host?.close();
        await assert.rejects(
            get(careless, `https://localhost:${portOf(tls)}/services/v2`),
            /cannot be reached.*certificate/i,
        );
        assert.deepEqual(simulator.requests, []);
    });

    const day = 86_400_000;
    const later = (days: number) => new Date(Date.now() + days * day);
    const imposters: [string, OrderSeed, RegExp][] = [
        ["for another name", { commonName: "other.example" }, /ERR_TLS_CERT_ALTNAME_INVALID/],
        [
            "that has expired",
            { commonName: NAME, validFrom: later(-9), validTill: later(-1) },
            /CERT_HAS_EXPIRED/,
        ],
        [
            "that is not valid yet",
            { commonName: NAME, validFrom: later(1), validTill: later(9) },
            /CERT_NOT_YET_VALID/,
        ],
    ];
    for (const [what, seed, code] of imposters) {
        it(`trusts no certificate ${what}, although its CA is trusted`, async () => {
            upstream = await tlsServer(seed);
            try {
                await assert.rejects(
                    get({ ...proxied(), ...trusting(), NODE_TLS_REJECT_UNAUTHORIZED: "0" }),
                    code,
                );
            } finally {
                upstream.close();
            }
            assert.deepEqual(simulator.requests, []);
        });
    }

    it("verifies a proxy that is reached over TLS, too @long", async () => {
        const throughTls = {
            HTTPS_PROXY: `https://localhost:${portOf(tls)}`,
            NODE_TLS_REJECT_UNAUTHORIZED: "0",
        };
        await assert.rejects(get(throughTls), /cannot be reached.*certificate/i);
        assert.deepEqual(tunnels, []);
    });

    it("takes no proxy to a loopback address without TLS, since it would see the key", async () => {
        const { HTTPS_PROXY } = proxied();
        const { props } = await get({ HTTP_PROXY: HTTPS_PROXY, HTTPS_PROXY }, simulator.baseUrl);
        assert.equal(props.status, "issued");
        assert.deepEqual(tunnels, []);
    });

    it("says which variable is wrong when a proxy is no URL, and does not repeat its value", async () => {
        await assert.rejects(get({ HTTPS_PROXY: "not a url with s3cret" }), (error: Error) => {
            assert.match(error.message, /HTTPS_PROXY or HTTP_PROXY is not a valid URL/);
            assert.doesNotMatch(error.message, /s3cret/);
            return true;
        });
    });
});
