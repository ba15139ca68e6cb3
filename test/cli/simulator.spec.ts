import assert from "node:assert/strict";
import { call } from "../simulator/specClient.js";
import { cli } from "./harness.js";

/** What `--json` prints. */
interface Printed {
    readonly baseUrl: string;
    readonly apiKey: string;
    readonly orders: { orderId: number }[];
}

const FREE = ["--port", "0", "--admin-port", "0"];

describe("pulumi-digicert simulator", () => {
    it("runs until it is stopped, and prints how to use it", async () => {
        let status = 0;
        const { code, out, err } = await cli(["simulator", ...FREE, "--api-key", "chosen-key"], {
            stopped: async (printed) => {
                const [, baseUrl = ""] =
                    /export DIGICERT_BASE_URL=(http:\/\/127\.0\.0\.1:\d+\/services\/v2)\n/.exec(printed) ??
                    [];
                ({ status } = await call({ baseUrl, apiKey: "chosen-key" }, "GET", "/user/me"));
            },
        });
        assert.deepEqual([code, err, status], [0, "", 200]);
        assert.match(out, /export DIGICERT_API_KEY=chosen-key\n/);
        assert.match(out, /Admin +http:\/\/127\.0\.0\.1:\d+\//);
        assert.match(out, /\d{9,} +shop\.example, www\.shop\.example: a reissue waits for an approver/);
    });

    it("prints addresses and orders as JSON, and holds these orders", async () => {
        const seen: unknown[] = [];
        const { code, out } = await cli(["simulator", ...FREE, "--rate-limit", "--json"], {
            stopped: async (printed) => {
                const { baseUrl, apiKey, orders } = JSON.parse(printed) as Printed;
                for (const { orderId } of orders) {
                    const { body } = await call({ baseUrl, apiKey }, "GET", `/order/certificate/${orderId}`);
                    seen.push((body as { certificate: { common_name: string } }).certificate.common_name);
                }
            },
        });
        assert.equal(code, 0);
        assert.deepEqual(seen, ["shop.example", "*.lab.example"]);
        assert.deepEqual(Object.keys(JSON.parse(out) as object), ["baseUrl", "adminUrl", "apiKey", "orders"]);
    });

    it("looks tokens up in a DNS server, and has a DV order then", async () => {
        const { code, out } = await cli(["simulator", ...FREE, "--dns", "127.0.0.1:5354"], {});
        assert.equal(code, 0);
        assert.match(out, /shop\.example, \*\.shop\.example: a DV order, each reissue waits for its domains/);
        for (const address of ["127.0.0.1", "127.0.0.1:0", "127.0.0.1:70000", "http://a:1"]) {
            const { code: refused, err } = await cli(["simulator", "--dns", address]);
            assert.equal(refused, 2, address);
            assert.match(err, /It is not an address such as 127\.0\.0\.1:5354\./);
        }
    });

    it("refuses an unknown option, a text that is no port, and a port in use", async () => {
        assert.equal((await cli(["simulator", "--nonsense"])).code, 2);
        for (const port of ["http", "65536", "-1", "1.5"]) {
            const { code, err } = await cli(["simulator", `--port=${port}`]);
            assert.equal(code, 2);
            assert.match(err, /is invalid\. It is not a port \(0 to 65535\)\./);
        }
        let second: Awaited<ReturnType<typeof cli>> | undefined;
        await cli(["simulator", ...FREE, "--json"], {
            stopped: async (printed) => {
                const { port } = new URL((JSON.parse(printed) as Printed).baseUrl);
                second = await cli(["simulator", "--port", port, "--admin-port", "0"]);
            },
        });
        assert.equal(second?.code, 2);
        assert.match(
            second.err,
            /^Starting the simulator: port \d+ is in use\. Choose other ports with --port and --admin-port/,
        );
    });
});
