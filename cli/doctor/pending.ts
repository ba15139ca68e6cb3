/**
 * The pending reissue of an order: who requested it, when, and what it waits for.
 *
 * @module
 */
import type { Order } from "../../provider/core/certcentral/answers.js";
import type { CertCentral } from "../../provider/core/certcentral/client.js";
import { NotFoundError, PermissionError } from "../../provider/core/errors.js";
import { quote } from "../../provider/core/quote.js";
import { markerIn } from "../../provider/core/reissue/marker.js";
import { openReissueRequests, type ListedRequest } from "../../provider/core/reissue/recognise.js";
import type { Finding } from "./finding.js";

/** A reissue that is not issued yet, as the report shows it. */
export interface ReportedReissue {
    readonly requestId?: number | undefined;
    readonly certificateId?: number | undefined;
    readonly since?: string | undefined;
    readonly by?: string | undefined;
    /** Whether its comments hold a marker of this package. */
    readonly isFromStack: boolean;
    /** `approval`: an approver has to act; `validation`: DigiCert validates. */
    readonly awaits: "approval" | "validation";
}

type Reader = Pick<CertCentral, "request" | "reissues">;

/** Reads the pending reissues of an order whose status is `reissue_pending`. */
export async function readPendingReissues(
    client: Reader,
    order: Order,
    orderId: string,
): Promise<ReportedReissue[]> {
    const open = openReissueRequests(order);
    if (open.length > 0) return Promise.all(open.map((request) => readRequest(client, request, orderId)));
    const reissues = (await client.reissues(orderId)).filter(({ status }) => status === "pending");
    return reissues.map((reissue) => ({
        certificateId: reissue.id,
        since: reissue.date_created && quote(reissue.date_created),
        by: describePerson({
            first_name: reissue.firstname,
            last_name: reissue.lastname,
            email: reissue.email,
        }),
        isFromStack: false,
        awaits: "validation",
    }));
}

async function readRequest(client: Reader, listed: ListedRequest, orderId: string): Promise<ReportedReissue> {
    const request = await client.request(listed.id, orderId).catch((error: unknown) => {
        // The order lists the request already; without this read only its requester stays unknown.
        if (error instanceof PermissionError || error instanceof NotFoundError) return undefined;
        throw error;
    });
    return {
        requestId: listed.id,
        since: listed.date && quote(listed.date),
        by: describePerson(request?.requester),
        isFromStack: markerIn(listed.comments) !== undefined,
        awaits: "approval",
    };
}

interface Person {
    readonly first_name?: string | undefined;
    readonly last_name?: string | undefined;
    readonly email?: string | undefined;
}

function describePerson(person: Person | undefined): string | undefined {
    const name = [person?.first_name, person?.last_name].filter(Boolean).join(" ");
    const { email } = person ?? {};
    const text = name && email ? `${name} (${email})` : name || email;
    return text ? quote(text) : undefined;
}

/** Reports the pending reissues, and who has to act. */
export function checkPendingReissues(pending: readonly ReportedReissue[]): Finding[] {
    if (pending.length === 0) {
        const text = "a reissue is pending, but DigiCert does not list it. Check the order in CertCentral.";
        return [{ check: "pending", level: "attention", text }];
    }
    return pending.map(({ requestId, certificateId, since, by, isFromStack, awaits }) => {
        const about = [
            `pending${since === undefined ? "" : ` since ${since.replace(/^(\d{4}-\d{2}-\d{2})T.*$/, "$1")}`}`,
            by === undefined ? "requester unknown" : `by ${by}`,
            ...(isFromStack ? ["from a stack with pulumi-digicert"] : []),
        ].join(", ");
        if (awaits === "approval") {
            const text = `approve or reject request ${requestId ?? ""} in CertCentral; ${about}`;
            return { check: "pending", level: "attention", text };
        }
        const subject = certificateId === undefined ? "the reissue" : `certificate ${certificateId}`;
        return { check: "pending", level: "info", text: `DigiCert validates ${subject}; ${about}` };
    });
}
