/**
 * The text of a program for many orders: a table and a loop. And the file for `pulumi import`, which does the same for the
 * provider plugin.
 *
 * @module
 */
import { quote } from "../../provider/core/quote.js";
import type { NodeLanguage } from "./language.js";
import { resourceNames } from "./name.js";
import { REISSUE_TYPE } from "./plugin.js";
import type { LeftOut, Row } from "./row.js";

/** How to write the program. */
export interface TableOptions {
    readonly language: NodeLanguage;
    /** Whether a row moves to the order that renewed its own. */
    readonly followsRenewals: boolean;
}

/** Writes a program that manages the orders. */
export function writeTable(
    rows: readonly Row[],
    leftOut: readonly LeftOut[],
    { language, followsRenewals }: TableOptions,
): string {
    const isModule = language === "ts";
    const readsFiles = rows.some(({ csrFile }) => csrFile !== undefined);
    const names = resourceNames(rows);
    const parts = [
        [
            ...(readsFiles ? [importLine(isModule, ["readFileSync"], "node:fs")] : []),
            isModule
                ? `import * as pulumi from "@pulumi/pulumi";`
                : `const pulumi = require("@pulumi/pulumi");`,
            importLine(
                isModule,
                ["DigiCertReissue", ...(followsRenewals ? ["getOrderOutput", "getOrders"] : [])],
                "pulumi-digicert",
            ),
        ].join("\n"),
        ...(isModule ? [ROW_TYPE] : []),
        [
            "// One row for each order. A row that is removed is forgotten by the stack; nothing happens at DigiCert.",
            `const rows${isModule ? ": Row[]" : ""} = [`,
            ...rows.map((row) => rowText(row, names.get(row.orderId) ?? row.orderId)),
            "];",
        ].join("\n"),
        ...(followsRenewals ? [isModule ? FOLLOW.replace("(orderId)", "(orderId: string)") : FOLLOW] : []),
        followsRenewals ? LOOP_WITH_RENEWALS : LOOP,
        `${isModule ? "/** What is not issued: it waits for somebody, was rejected, or is unknown. */\nexport const needsAttention" : "// What is not issued: it waits for somebody, was rejected, or is unknown.\nexports.needsAttention"}${ATTENTION}`,
        ...(leftOut.length === 0 ? [] : [["// Left out:", ...leftOut.map(leftOutComment)].join("\n")]),
    ];
    return `${parts.join("\n\n")}\n`;
}

/** Writes a file for `pulumi import --file`. */
export function writeImportFile(rows: readonly Pick<Row, "orderId" | "commonName">[]): string {
    const names = resourceNames(rows);
    const resources = rows.map(({ orderId }) => ({
        type: REISSUE_TYPE,
        name: names.get(orderId),
        id: orderId,
    }));
    return `${JSON.stringify({ resources }, undefined, 4)}\n`;
}

/** An order that was left out, on one line. */
export function describeLeftOut({ orderId, commonName, reason }: LeftOut): string {
    return `order ${orderId}${commonName === undefined ? "" : ` (${quote(commonName)})`}: ${reason}`;
}

const ROW_TYPE = `interface Row {
    /** Name of the resource in the stack; another name is another resource. */
    name: string;
    orderId: string;
    /** All names; a reissue without one of them makes DigiCert revoke the earlier certificates. */
    dnsNames: string[];
    commonName?: string;
    signatureHash?: "sha256" | "sha384" | "sha512";
    serverPlatform?: { id: number };
    /** The CSR of the current certificate. For a new key, replace it. */
    csr: string;
}`;

const FOLLOW = `// The orders that the account's list shows as not renewed: one GET for each 250 orders, whenever the program runs.
const notRenewed = getOrders().then(
    (orders) => new Set(orders.filter(({ isRenewed }) => isRenewed === false).map(({ orderId }) => orderId)),
);

// The order of a row, or the order that renewed it. An order that the list does not show is read itself.
const currentOrder = (orderId) =>
    pulumi.output(
        notRenewed.then((ids) =>
            ids.has(orderId) ? orderId : getOrderOutput({ orderId, followRenewals: true }).orderId,
        ),
    );`;

const LOOP_WITH_RENEWALS = `const certificates = rows.map(({ name, orderId, ...certificate }) => {
    const current = currentOrder(orderId);
    return new DigiCertReissue(name, {
        orderId: current,
        certificate,
        // The first \`pulumi up\` adopts the certificate of this order; of the order that renews it, a reissue is requested.
        adoptExisting: current.apply((id) => id === orderId),
    });
});`;

const LOOP = `const certificates = rows.map(
    // The first \`pulumi up\` adopts the certificates, without a reissue. Later changes are reissued as usual.
    ({ name, orderId, ...certificate }) =>
        new DigiCertReissue(name, { orderId, certificate, adoptExisting: true }),
);`;

const ATTENTION = ` = pulumi
    .all(certificates.map(({ orderId, status }) => pulumi.all([orderId, status])))
    .apply((all) =>
        all.filter(([, status]) => status !== "issued").map(([id, status]) => \`order \${id}: \${status}\`),
    );`;

function importLine(isModule: boolean, names: readonly string[], from: string): string {
    const list = `{ ${names.join(", ")} }`;
    return isModule ? `import ${list} from "${from}";` : `const ${list} = require("${from}");`;
}

function rowText(
    { orderId, commonName, dnsNames, signatureHash, serverPlatformId, csr, csrFile }: Row,
    name: string,
): string {
    const text = (value: unknown) => JSON.stringify(value);
    const members = [
        `name: ${text(name)}`,
        `orderId: ${text(orderId)}`,
        ...(commonName === undefined ? [] : [`commonName: ${text(commonName)}`]),
        `dnsNames: [${dnsNames.map(text).join(", ")}]`,
        ...(signatureHash === "sha256" ? [] : [`signatureHash: ${text(signatureHash)}`]),
        ...(serverPlatformId === undefined || serverPlatformId === -1
            ? []
            : [`serverPlatform: { id: ${serverPlatformId} }`]),
        csrFile === undefined ? `csr: \`${csr}\`` : `csr: readFileSync(${text(csrFile)}, "utf8")`,
    ];
    return `    {\n${members.map((member) => `        ${member},\n`).join("")}    },`;
}

function leftOutComment(left: LeftOut): string {
    return `//   ${describeLeftOut(left)}`;
}
