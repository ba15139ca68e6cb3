/**
 * The key, the user it belongs to, the address, the quota.
 *
 * @module
 */
import { PermissionError } from "../../provider/core/errors.js";
import type { User } from "../../provider/core/certcentral/answers.js";
import type { CertCentral } from "../../provider/core/certcentral/client.js";
import { quote } from "../../provider/core/quote.js";
import { REGIONS } from "../../provider/core/settings.js";
import type { Counted } from "./answers.js";
import { attempt, type Finding } from "./finding.js";

/** Whether the user of the key may approve requests, and so skip the approval; undefined where no read tells. */
export type MayApprove = boolean | undefined;

/** What was found about the account. */
export interface AccountReport {
    readonly baseUrl: string;
    /** Absent if the address is none of DigiCert's two. */
    readonly region?: string | undefined;
    readonly user?: { id: number; name: string; username?: string | undefined; roles: string[] } | undefined;
    /** Whether the key was accepted, so that orders can be read. */
    readonly isAccepted: boolean;
    readonly mayApprove: MayApprove;
    readonly findings: readonly Finding[];
}

/** Administrator and Manager (DigiCert: glossary, access roles). */
const APPROVERS = new Set([1, 4]);

/** Reads whose key it is. */
export async function examineAccount(
    client: Pick<CertCentral, "me">,
    baseUrl: string,
): Promise<AccountReport> {
    const region = [...REGIONS].find(([, url]) => url === baseUrl)?.[0];
    const address: Finding = {
        check: "address",
        level: "ok",
        text: region === undefined ? baseUrl : `${baseUrl} (region ${region})`,
    };
    const read = await attempt("key", () => readUser(client));
    if ("finding" in read) {
        const findings = [address, read.finding];
        return { baseUrl, region, isAccepted: false, mayApprove: undefined, findings };
    }
    if (read.value === undefined) {
        const text = "accepted; whose it is cannot be read, because its role may not read users";
        const findings: Finding[] = [address, { check: "key", level: "unknown", text }];
        return { baseUrl, region, isAccepted: true, mayApprove: undefined, findings };
    }
    return { baseUrl, region, isAccepted: true, ...aboutUser(read.value, address) };
}

/** Undefined if the key may not read it, which says that the key is a valid one. */
async function readUser(client: Pick<CertCentral, "me">): Promise<User | undefined> {
    try {
        return await client.me();
    } catch (error) {
        if (error instanceof PermissionError) return undefined;
        throw error;
    }
}

function aboutUser(user: User, address: Finding): Pick<AccountReport, "user" | "mayApprove" | "findings"> {
    const roles = user.access_roles ?? [];
    const names = roles.map(({ name, id }) => quote(name ?? `role ${id ?? "without a name"}`));
    const mayApprove = roles.length === 0 ? undefined : roles.some(({ id }) => APPROVERS.has(id ?? 0));
    const name = quote([user.first_name, user.last_name].filter(Boolean).join(" "));
    const told = name || quote(user.username ?? user.email ?? `user ${user.id}`);
    const isActive = user.status === undefined || user.status === "active";
    const key: Finding = isActive
        ? {
              check: "key",
              level: "ok",
              text: `accepted; it is ${told}'s${names.length > 0 ? ` (${names.join(", ")})` : ""}`,
          }
        : {
              check: "key",
              level: "attention",
              text: `accepted, but ${told} is ${quote(user.status ?? "")}; make a key for a user who is active`,
          };
    return {
        user: { id: user.id, name: told, username: user.username && quote(user.username), roles: names },
        mayApprove,
        findings: [address, key, roleFinding(mayApprove)],
    };
}

/** A restriction of the key itself is shown nowhere; it only shows when a write is refused. */
function roleFinding(mayApprove: MayApprove): Finding {
    const unknown = "Whether the key itself is restricted (View Only, for example) cannot be read.";
    if (mayApprove === undefined) {
        return { check: "role", level: "unknown", text: `DigiCert tells no role of the user. ${unknown}` };
    }
    const text = mayApprove
        ? "the user may approve requests, so skipApproval: true is possible."
        : "the user may not approve requests: every reissue waits for an approver, and skipApproval: true is refused.";
    return { check: "role", level: "info", text: `${text} ${unknown}` };
}

/** What the answers of the whole run say about the quota of the key. */
export function quotaFinding({ answers, refused }: Counted): Finding {
    const limits = "100 requests in 5 s and 1,000 in 3 min per key";
    if (refused > 0) {
        return {
            check: "quota",
            level: "attention",
            text: `used up (${limits}): DigiCert refused ${refused} of ${answers} requests, so something else uses the key. Give each pipeline a key of its own.`,
        };
    }
    return {
        check: "quota",
        level: "ok",
        text: `none of ${answers} requests was refused (${limits}); how much is left cannot be read`,
    };
}
