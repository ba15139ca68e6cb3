/**
 * A row of the table that a program for many orders is written with.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Order, OrderListItem } from "../../provider/core/certcentral/answers.js";
import type { CertCentral } from "../../provider/core/certcentral/client.js";
import { AuthenticationError, DigiCertError } from "../../provider/core/errors.js";
import { requestableNames } from "../../provider/core/order/product.js";
import { followRenewals, type FollowedOrder } from "../../provider/core/order/renewals.js";
import { quote } from "../../provider/core/quote.js";
import { checkInputs } from "../../provider/core/reissue/check.js";
import { reportedHash } from "../../provider/core/reissue/reported.js";
import { nameSet, reportedName } from "../../provider/core/x509/names.js";
import { UsageError } from "../command.js";
import { readCsrFile } from "./csrFile.js";
import { readProgramOrder, type ProgramOrder } from "./order.js";

/** An order in the table. */
export interface Row extends Pick<ProgramOrder, "orderId" | "commonName" | "dnsNames" | "signatureHash"> {
    readonly serverPlatformId?: number | undefined;
    /** The CSR as PEM, or else the file that the program reads it from. */
    readonly csr?: string | undefined;
    readonly csrFile?: string | undefined;
}

/** An order that is not in the table. */
export interface LeftOut {
    readonly orderId: string;
    readonly commonName?: string | undefined;
    /** Follows the id of the order. */
    readonly reason: string;
    /** Id of the order that renewed it, if it was left out for that. */
    readonly renewal?: string | undefined;
}

/** What the rows are made from. */
export interface RowSources {
    readonly client: CertCentral;
    /** Folder with CSR files; absent: the CSRs come from the orders. */
    readonly csrDir?: string | undefined;
    /** Whether the program moves from an order to its renewal. If so, a renewed order has no row; its renewal may have one. */
    readonly followsRenewals: boolean;
    readonly now: Date;
}

/**
 * Makes the row of an order that the list shows.
 *
 * @throws AuthenticationError, because no other order could be read either.
 */
export async function makeRow(item: OrderListItem, sources: RowSources): Promise<Row | LeftOut> {
    const { common_name: commonName } = item.certificate;
    const leaveOut = (reason: string): LeftOut => ({ orderId: String(item.id), commonName, reason });
    try {
        const followed = await findRenewal(item, sources);
        if (followed !== undefined && followed.orderId !== String(item.id)) {
            const { orderId: renewal } = followed;
            return { ...leaveOut(`it was renewed as order ${renewal}`), renewal };
        }
        const row = await readRow(item, sources, followed?.order);
        return typeof row === "string" ? leaveOut(row) : (refuseRow(row, leaveOut) ?? row);
    } catch (error) {
        if (error instanceof AuthenticationError) throw error;
        if (!(error instanceof DigiCertError || error instanceof UsageError)) throw error;
        return leaveOut(quote(error.message));
    }
}

/** Whether an order was left out. */
export function isLeftOut(row: Row | LeftOut): row is LeftOut {
    return "reason" in row;
}

/** Follows the renewals of an order, if the program does; only an order that the list shows as not renewed is not read for it. */
async function findRenewal(
    { id, is_renewed: isRenewed }: OrderListItem,
    { client, followsRenewals: isFollowed }: RowSources,
): Promise<FollowedOrder | undefined> {
    if (!isFollowed || isRenewed === false) return undefined;
    return followRenewals(client, String(id), () => undefined);
}

/** Makes the row, or returns the reason to leave the order out. */
async function readRow(
    item: OrderListItem,
    { client, csrDir, now }: RowSources,
    order: Order | undefined,
): Promise<Row | string> {
    const orderId = String(item.id);
    const csrFile = csrDir === undefined ? undefined : findCsrFile(csrDir, item);
    if (csrDir !== undefined && csrFile === undefined) {
        const [first, ...others] = csrFileNames(item);
        return `there is no ${first} (or ${others.join(", ")}) in ${csrDir}`;
    }
    const listed = csrFile === undefined ? undefined : rowOfList(item, csrFile);
    if (listed !== undefined) return listed;
    const row = await readProgramOrder(client, orderId, now, order);
    if (row.notAdoptable !== undefined) return `its certificate ${row.notAdoptable}`;
    if (csrFile !== undefined) return { ...row, csr: undefined, csrFile };
    return row.csr === undefined
        ? "DigiCert reports no CSR that can be read; put the CSR of its certificate into a folder and name that with --csr-dir"
        : row;
}

/** Makes the row from the list alone; undefined where the list does not show the names. */
function rowOfList(item: OrderListItem, csrFile: string): Row | undefined {
    const { id, certificate } = item;
    const { common_name: commonName, dns_names: dnsNames } = certificate;
    if (dnsNames === undefined && commonName !== undefined) return undefined;
    return {
        orderId: String(id),
        ...requestableNames(item, {
            commonName: commonName && reportedName(commonName),
            dnsNames: [...nameSet({ commonName, dnsNames: dnsNames ?? [] })],
        }),
        signatureHash: reportedHash(certificate),
        csrFile,
    };
}

/** Checks a row as the resource will check its inputs, because one refused row stops the whole program. */
function refuseRow(
    { orderId, commonName, dnsNames, signatureHash, csr, csrFile }: Row,
    leaveOut: (reason: string) => LeftOut,
): LeftOut | undefined {
    const pem = csr ?? (csrFile === undefined ? "" : readCsrFile(csrFile).pem);
    const { failures } = checkInputs({
        orderId,
        certificate: { commonName, dnsNames, signatureHash, csr: pem },
    });
    return failures.length === 0 ? undefined : leaveOut(failures.map(({ reason }) => reason).join("; "));
}

function findCsrFile(folder: string, item: OrderListItem): string | undefined {
    return csrFileNames(item)
        .map((name) => join(folder, name))
        .find((file) => existsSync(file));
}

/** The order id comes first, because orders may share a common name. */
function csrFileNames({ id, certificate: { common_name: commonName } }: OrderListItem): string[] {
    const name = commonName && reportedName(commonName).replace(/^\*\./, "wildcard.");
    const isFileName = name !== undefined && /^[a-z0-9][a-z0-9._-]*$/.test(name);
    return [String(id), ...(isFileName ? [name] : [])].flatMap((stem) => [`${stem}.csr`, `${stem}.pem`]);
}
