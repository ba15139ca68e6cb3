/** Programs of the journeys, as users write them. */

/** One resource; `args` is the text of its arguments. */
export function program(args: string, more = ""): Record<string, string> {
    return {
        "index.js": `
            const { DigiCertProvider, DigiCertReissue } = require("pulumi-digicert");
            const shop = new DigiCertReissue("shop", ${args});
            exports.status = shop.status;
            exports.serialNumber = shop.serialNumber;
            exports.fullChainPem = shop.fullChainPem;
            ${more}`,
    };
}

/** Arguments for an order. */
export function shopArgs(orderId: number, csr: string, names: readonly string[] = [], more = ""): string {
    return `{
        orderId: ${orderId},
        certificate: { commonName: "shop.example", dnsNames: ${JSON.stringify(names)}, csr: ${JSON.stringify(csr)} },
        ${more}
    }`;
}

/** A stack trace, as Node prints one. */
export const STACK_TRACE = /\n\s+at .+[(:]/;
