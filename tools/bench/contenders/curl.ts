/** A loop of curl in a shell, the lower limit for the time of a POST: it neither waits nor keeps a state. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../test/engine/child.js";
import { cleanEnvironment } from "../../../test/engine/environment.js";
import { removeFolder, temporaryFolder } from "../../../test/engine/folders.js";
import { type Contender, type Job, type Prepared } from "./contender.js";

const SCRIPT = `set -eu
for body in *.json; do
    order=\${body%.json}
    curl -sSf -X POST "$BASE_URL/order/certificate/$order/reissue" -H "X-DC-DEVKEY: $API_KEY" \\
        -H "Content-Type: application/json" -d "@$body" -o "$order.answer"
done
`;

export const curl: Contender = {
    name: "curl in a shell",
    abilities: { waits: "no", resumes: "no", quota: "fails", asksOnce: "no: every run asks" },
    prepare: (job) => Promise.resolve(new PreparedScript(job)),
};

class PreparedScript implements Prepared {
    readonly #folder = temporaryFolder("curl");

    constructor(private readonly job: Job) {
        writeFileSync(join(this.#folder, "reissue.sh"), SCRIPT);
        for (const { orderId, commonName, dnsNames, csr } of job.orders) {
            const certificate = {
                common_name: commonName,
                dns_names: dnsNames,
                csr,
                server_platform: { id: -1 },
                signature_hash: "sha256",
            };
            const body = JSON.stringify({ certificate, skip_approval: true });
            writeFileSync(join(this.#folder, `${orderId}.json`), body);
        }
    }

    async apply(): Promise<void> {
        const { baseUrl, apiKey } = this.job.server;
        const env = cleanEnvironment({ BASE_URL: baseUrl, API_KEY: apiKey });
        const { exitCode, output } = await run("sh", ["reissue.sh"], { cwd: this.#folder, env });
        if (exitCode !== 0) throw new Error(`the shell loop ended with ${String(exitCode)}:\n${output}`);
    }

    preview(): Promise<void> {
        return Promise.reject(new Error("a shell loop has no preview"));
    }

    stateSize(): undefined {
        return undefined;
    }

    dispose(): Promise<void> {
        removeFolder(this.#folder);
        return Promise.resolve();
    }
}
