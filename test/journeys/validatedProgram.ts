/** The program of the contract, with a record provider that writes to the simulator, and a dependent. */
export function validatedProgram(orderId: number, adminUrl: string): Record<string, string> {
    return {
        "index.js": `
            const { readFileSync } = require("node:fs");
            const pulumi = require("@pulumi/pulumi");
            const { dcvRecords, DigiCertReissue, DigiCertValidation } = require("pulumi-digicert");

            // Stands for the record resource of a DNS provider.
            const publish = async ({ name, type, value }) => {
                const body = JSON.stringify({ name, type, value });
                const { ok, status } = await fetch("${adminUrl}records", { method: "POST", body });
                if (!ok) throw new Error("publishing: " + status);
            };
            const records = {
                create: async (inputs) => (await publish(inputs), { id: inputs.name, outs: inputs }),
                update: async (id, olds, news) => (await publish(news), { outs: news }),
                diff: async (id, olds, news) => ({ changes: olds.value !== news.value }),
            };
            const servers = { create: async (inputs) => ({ id: "server", outs: inputs }) };

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
                ({ domain, name, type, value }) =>
                    new pulumi.dynamic.Resource(records, "dcv-" + domain, { name, type, value }),
            );
            const issued = new DigiCertValidation("shop", { reissue: shop }, { dependsOn: published });
            new pulumi.dynamic.Resource(servers, "server", { chain: issued.fullChainPem });
            exports.serialNumber = issued.serialNumber;`,
    };
}
