import { parseArgs } from "node:util";
import { startSimulator } from "./index.js";

const usage = `CertCentral simulator: DigiCert's Services API v2 on the loopback address, with a CA of its own.

Usage: npm run simulator -- [options]

  --port <n>         port of the API (default 8443)
  --admin-port <n>   port of the admin interface (default 8444)
  --api-key <key>    the one API key that is valid (default a random one)
  --rate-limit       enforce 100 requests in 5 s and 1,000 in 3 min
  --help             this text
`;

function portOf(text: string): number {
    const port = Number(text);
    if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`${text} is not a port`);
    return port;
}

function options() {
    const { values } = parseArgs({
        options: {
            port: { type: "string", default: "8443" },
            "admin-port": { type: "string", default: "8444" },
            "api-key": { type: "string" },
            "rate-limit": { type: "boolean", default: false },
            help: { type: "boolean", default: false },
        },
    });
    return values;
}

async function run(values: ReturnType<typeof options>): Promise<void> {
    const simulator = await startSimulator({
        port: portOf(values.port),
        adminPort: portOf(values["admin-port"]),
        rateLimit: values["rate-limit"],
        ...(values["api-key"] !== undefined && { apiKey: values["api-key"] }),
    });
    const stop = () => void simulator.close();
    process.once("SIGINT", stop).once("SIGTERM", stop);
    const shop = await simulator.seedOrder({ commonName: "shop.example", dnsNames: ["www.shop.example"] });
    const wildcard = await simulator.seedOrder({
        commonName: "*.lab.example",
        policy: { approval: "auto", issuanceMs: 15_000 },
    });
    process.stdout.write(`API     ${simulator.baseUrl}
Admin   ${simulator.adminUrl}   (GET it for a list of what it can do)

Orders
  ${shop.orderId}   ${shop.certificates[0]?.names?.join(", ") ?? ""}: a reissue waits for an approver
  ${wildcard.orderId}   ${wildcard.certificates[0]?.names?.join(", ") ?? ""}: approved by itself, issued after 15 s

To use it:
  export DIGICERT_BASE_URL=${simulator.baseUrl}
  export DIGICERT_API_KEY=${simulator.apiKey}

Approve a request:
  curl -X POST ${simulator.adminUrl}requests/<request id>/approve

Ctrl-C stops it.
`);
}

function main(): void {
    try {
        const values = options();
        if (values.help) process.stdout.write(usage);
        else run(values).catch(fail);
    } catch (error) {
        fail(error);
    }
}

function fail(error: unknown): void {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
}

main();
