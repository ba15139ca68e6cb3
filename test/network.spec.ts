import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, request as httpRequest, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startHost, type DynamicHost } from "./engine/host.js";
import { startSimulator, type Simulator } from "./simulator/index.js";

/** A name that no resolver knows: only the proxy can take a request there. */
const NAME = "certcentral.invalid";

describe("the network around the provider", function () {
    this.timeout(30_000);
    let simulator: Simulator;
    let folder: string;
    let proxy: Server;
    let tls: Server;
    let tunnels: string[];
    let host: DynamicHost | undefined;
    let orderId: string;

    before(async () => {
        simulator = await startSimulator();
        orderId = String((await simulator.seedOrder({ commonName: "shop.example" })).orderId);
        folder = mkdtempSync(join(tmpdir(), "digicert-network-"));
        writeFileSync(join(folder, "root.pem"), simulator.rootPem);

        const { keyPem = "", current } = await simulator.seedOrder({ commonName: NAME });
        const cert = `${current.pem ?? ""}${simulator.issuingPem}`;
        tls = createTlsServer({ key: keyPem, cert }, (request, response) => {
            const { pathname } = new URL(request.url ?? "/", simulator.baseUrl);
            const options = { method: request.method ?? "GET", headers: request.headers };
            httpRequest(new URL(pathname, simulator.baseUrl), options, (answer) => {
                response.writeHead(answer.statusCode ?? 500, answer.headers);
                answer.pipe(response);
            }).end();
        });
        proxy = createHttpServer().on("connect", (request, client) => {
            tunnels.push(request.url ?? "");
            const server = connect((tls.address() as AddressInfo).port, "127.0.0.1", () => {
                client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
                client.pipe(server).pipe(client);
            });
            client.on("error", () => server.destroy());
            server.on("error", () => client.destroy());
        });
        for (const server of [proxy, tls]) {
            await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
        }
    });
    beforeEach(() => {
        tunnels = [];
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

    const proxied = () => ({ HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
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
    });

    it("goes around the proxy for what NO_PROXY names", async () => {
        await assert.rejects(
            get({ ...proxied(), ...trusting(), NO_PROXY: NAME }),
            /cannot be reached.*ENOTFOUND|EAI_AGAIN/,
        );
        assert.deepEqual(tunnels, []);
    });

    it("trusts nobody else", async () => {
        await assert.rejects(get(proxied()), /cannot be reached.*certificate/);
    });

    it("verifies also where the environment says that nobody has to", async () => {
        const careless = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };
        await assert.rejects(get({ ...proxied(), ...careless }), /cannot be reached.*certificate/);
        const { port } = tls.address() as AddressInfo;
        await host?.close();
        await assert.rejects(
            get(careless, `https://localhost:${port}/services/v2`),
            /cannot be reached.*certificate/i,
        );
    });

    it("takes no proxy to a loopback address without TLS, since it would see the key", async () => {
        const { HTTPS_PROXY } = proxied();
        const { props } = await get({ HTTP_PROXY: HTTPS_PROXY, HTTPS_PROXY }, simulator.baseUrl);
        assert.equal(props.status, "issued");
        assert.deepEqual(tunnels, []);
    });

    it("says which variable is wrong when a proxy is no URL, and does not repeat its value", async () => {
        await assert.rejects(get({ HTTPS_PROXY: "not a url with s3cret" }), (error: Error) => {
            assert.match(error.message, /HTTPS_PROXY or HTTP_PROXY is not the URL of a proxy/);
            assert.doesNotMatch(error.message, /s3cret/);
            return true;
        });
    });
});
