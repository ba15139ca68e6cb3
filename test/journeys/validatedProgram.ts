/** The program of the contract, with a record provider that writes to the simulator, and a dependent. */
export function validatedProgram(orderId: number, adminUrl: string): Record<string, string> {
    return {
        "index.js": `
            const { readFileSync } = require("node:fs");
            const pulumi = require("@pulumi/pulumi");
            const { dcvRecords, DigiCertReissue, DigiCertValidation } = require("pulumi-digicert");

            // Stands for the record resource of a DNS provider.
            const records = {
                async create(inputs) {
                    await this.send("POST", inputs);
                    return { id: inputs.name, outs: inputs };
                },
                async update(id, olds, news) {
                    await this.send("DELETE", { name: olds.name, type: olds.type });
                    await this.send("POST", news);
                    return { outs: news };
                },
                async diff(id, olds, news) {
                    return { changes: olds.value !== news.value };
                },
                async send(method, { name, type, value }) {
                    const body = JSON.stringify({ name, type, value });
                    const { ok, status } = await fetch("${adminUrl}records", { method, body });
                    if (!ok) throw new Error("publishing: " + status);
                },
            };
            class Record extends pulumi.dynamic.Resource {
                constructor(name, args, opts) {
                    super(records, name, args, opts);
                }
            }
            class Server extends pulumi.dynamic.Resource {
                constructor(name, args, opts) {
                    super({ create: async (inputs) => ({ id: "server", outs: inputs }) }, name, args, opts);
                }
            }

            const certificate = {
                commonName: "shop.example",
                dnsNames: ["*.shop.example"],
                csr: readFileSync("shop.csr", "utf8"),
            };
            const shop = new DigiCertReissue("shop", {
                orderId: ${orderId},
                certificate,
                dcvMethod: "dns-txt-token",
                skipApproval: true,
                allowPendingOutputs: true,
            });
            const published = dcvRecords(["shop.example", "*.shop.example"], shop).map(
                ({ domain, name, type, value }) => new Record("dcv-" + domain, { name, type, value }),
            );
            const issued = new DigiCertValidation("shop", { reissue: shop }, { dependsOn: published });
            new Server("server", { chain: issued.fullChainPem });
            exports.serialNumber = issued.serialNumber;`,
    };
}
