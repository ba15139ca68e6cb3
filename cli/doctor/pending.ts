/**
 * The pending reissue of an order: who asked for it, when, and what it waits for.
 *
 * @module
 */
import type { Order } from "../../provider/core/certcentral/answers.js";
import type { CertCentral } from "../../provider/core/certcentral/client.js";
import { quote } from "../../provider/core/quote.js";
import { markerIn } from "../../provider/core/reissue/marker.js";
import { isOpenRequest } from "../../provider/core/reissue/ours.js";
import { NotFoundError, PermissionError } from "../../provider/core/errors.js";
import type { Finding } from "./finding.js";

/** A reissue that is not issued yet. */
export interface PendingReissue {
    readonly requestId?: number | undefined;
    readonly certificateId?: number | undefined;
    readonly since?: string | undefined;
    readonly by?: string | undefined;
    /** Whether it carries a marker of this package. */
    readonly isFromStack: boolean;
    /** `approval`: an approver; `validation`: DigiCert, or somebody who proves control over a domain. */
    readonly awaits: "approval" | "validation";
}

type Reader = Pick<CertCentral, "request" | "reissues">;

/** Reads what is pending on an order whose status says that something is. */
export async function readPending(client: Reader, order: Order, orderId: string): Promise<PendingReissue[]> {
    const open = order.requests?.filter((one) => one.type === "reissue" && isOpenRequest(one)) ?? [];
    if (open.length > 0) return Promise.all(open.map((request) => ofRequest(client, request, orderId)));
    const items = (await client.reissues(orderId)).filter(({ status }) => status === "pending");
    return items.map((item) => ({
        certificateId: item.id,
        since: item.date_created && quote(item.date_created),
        by: personOf({ first_name: item.firstname, last_name: item.lastname, email: item.email }),
        isFromStack: false,
        awaits: "validation",
    }));
}

type Listed = NonNullable<Order["requests"]>[number];

async function ofRequest(client: Reader, listed: Listed, orderId: string): Promise<PendingReissue> {
    const told = await client.request(listed.id, orderId).catch((error: unknown) => {
        // The order tells of it already; only who asked stays unknown.
        if (error instanceof PermissionError || error instanceof NotFoundError) return undefined;
        throw error;
    });
    return {
        requestId: listed.id,
        since: listed.date && quote(listed.date),
        by: personOf(told?.requester),
        isFromStack: markerIn(listed.comments) !== undefined,
        awaits: "approval",
    };
}

interface Person {
    readonly first_name?: string | undefined;
    readonly last_name?: string | undefined;
    readonly email?: string | undefined;
}

function personOf(person: Person | undefined): string | undefined {
    const name = [person?.first_name, person?.last_name].filter(Boolean).join(" ");
    const { email } = person ?? {};
    const text = name && email ? `${name} (${email})` : name || email;
    return text ? quote(text) : undefined;
}

/** Says what is pending, and who has to act. */
export function pendingFindings(pending: readonly PendingReissue[]): Finding[] {
    if (pending.length === 0) {
        const text =
            "a reissue is pending, but DigiCert does not list which. Look at the order in CertCentral.";
        return [{ check: "pending", level: "attention", text }];
    }
    return pending.map(({ requestId, certificateId, since, by, isFromStack, awaits }) => {
        const what =
            requestId === undefined
                ? `certificate ${certificateId ?? "without an id"}`
                : `request ${requestId}`;
        const whose = isFromStack ? "by a stack that uses pulumi-digicert" : undefined;
        const told = [since && `since ${since}`, by ? `asked for by ${by}` : "by whom is not told", whose];
        const who =
            awaits === "approval"
                ? "Somebody has to approve or reject it in CertCentral."
                : "DigiCert is validating; if it asks for a proof of control over a domain, somebody has to publish it.";
        return {
            check: "pending",
            level: awaits === "approval" ? "attention" : "info",
            text: `reissue, ${what}, ${told.filter(Boolean).join(", ")}. ${who}`,
        };
    });
}
