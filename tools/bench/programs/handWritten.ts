/**
 * A dynamic provider as a capable user writes it in an hour: one class that is captured by value, `fetch`, a poller per
 * resource, comparison of JSON. It sends one POST, waits, and waits again after a 429. It does not read the order before the
 * POST, and an accepted reissue is lost if the run ends before the issuance.
 */
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { type Row } from "../rows.js";

interface Inputs {
    orderId: number;
    commonName: string;
    dnsNames: string[];
    csr: string;
}

interface State extends Inputs {
    certificateId: number;
    certificatePem: string;
    chainPem: string;
    serialNumber: string;
    validTill: string;
}

class ReissueProvider implements pulumi.dynamic.ResourceProvider<Inputs, State> {
    apiKey = "";
    baseUrl = "";

    configure({ config }: pulumi.dynamic.ConfigureRequest): Promise<void> {
        this.apiKey = config.require("digicert:apiKey");
        this.baseUrl = config.get("digicert:baseUrl") ?? "https://www.digicert.com/services/v2";
        return Promise.resolve();
    }

    check(_olds: Inputs, news: Inputs): Promise<pulumi.dynamic.CheckResult<Inputs>> {
        const failures: pulumi.dynamic.CheckFailure[] = [];
        if (!news.orderId) failures.push({ property: "orderId", reason: "orderId is required" });
        if (!news.csr.includes("BEGIN CERTIFICATE REQUEST"))
            failures.push({ property: "csr", reason: "csr must be PEM" });
        return Promise.resolve({ inputs: news, failures });
    }

    diff(_id: string, olds: State, news: Inputs): Promise<pulumi.dynamic.DiffResult> {
        const wanted = ({ commonName, dnsNames, csr }: Inputs) => JSON.stringify([commonName, dnsNames, csr]);
        const daysLeft = (new Date(olds.validTill).getTime() - Date.now()) / 86_400_000;
        return Promise.resolve({
            changes: wanted(olds) !== wanted(news) || olds.orderId !== news.orderId || daysLeft < 30,
            replaces: olds.orderId === news.orderId ? [] : ["orderId"],
        });
    }

    async create(inputs: Inputs): Promise<pulumi.dynamic.CreateResult<State>> {
        return { id: String(inputs.orderId), outs: await this.reissue(inputs) };
    }

    async update(_id: string, _olds: State, news: Inputs): Promise<pulumi.dynamic.UpdateResult<State>> {
        return { outs: await this.reissue(news) };
    }

    async reissue(inputs: Inputs): Promise<State> {
        const { orderId, commonName, dnsNames, csr } = inputs;
        await this.request("POST", `/order/certificate/${orderId}/reissue`, {
            certificate: {
                common_name: commonName,
                dns_names: dnsNames,
                csr,
                server_platform: { id: -1 },
                signature_hash: "sha256",
            },
            skip_approval: true,
        });
        for (let polls = 0; polls < 180; polls++) {
            const answer = await this.request("GET", `/order/certificate/${orderId}`);
            const order = (await answer.json()) as { status: string; certificate: { id: number } };
            if (order.status === "issued") return await this.download(inputs, order.certificate.id);
            await new Promise((resolve) => setTimeout(resolve, 5000));
        }
        throw new Error(`order ${orderId} was not issued within 15 minutes`);
    }

    async download(inputs: Inputs, certificateId: number): Promise<State> {
        const path = `/certificate/${certificateId}/download/format/pem_noroot`;
        const pem = await (await this.request("GET", path)).text();
        const [leaf = "", ...chain] = pem.split(/(?<=-----END CERTIFICATE-----\r?\n)/);
        const { X509Certificate } = await import("node:crypto");
        const { serialNumber, validTo } = new X509Certificate(leaf);
        return {
            ...inputs,
            certificateId,
            certificatePem: leaf,
            chainPem: chain.join(""),
            serialNumber,
            validTill: new Date(validTo).toISOString(),
        };
    }

    async request(method: string, path: string, body?: unknown): Promise<Response> {
        for (let attempt = 1; ; attempt++) {
            const response = await fetch(this.baseUrl + path, {
                method,
                headers: { "X-DC-DEVKEY": this.apiKey, "Content-Type": "application/json" },
                body: body === undefined ? null : JSON.stringify(body),
            });
            if (response.ok) return response;
            if (response.status !== 429 || attempt >= 60) {
                throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
            }
            const seconds = Number(response.headers.get("retry-after") ?? 5);
            await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
        }
    }
}

const provider = new ReissueProvider();

class Reissue extends pulumi.dynamic.Resource {
    declare readonly certificatePem: pulumi.Output<string>;

    constructor(name: string, args: Inputs) {
        super(
            provider,
            name,
            {
                certificateId: undefined,
                certificatePem: undefined,
                chainPem: undefined,
                serialNumber: undefined,
                validTill: undefined,
                ...args,
            },
            {},
            "handwritten",
            "Reissue",
        );
    }
}

for (const { name, orderId, commonName, dnsNames, csr } of JSON.parse(
    readFileSync("rows.json", "utf8"),
) as Row[]) {
    new Reissue(name, { orderId, commonName, dnsNames, csr });
}
