/**
 * Checks of the account: the API key, its user and role, the address, the quota.
 *
 * @module
 */
import type { User } from "../../provider/core/certcentral/answers.js";
import type { CertCentral } from "../../provider/core/certcentral/client.js";
import { PermissionError } from "../../provider/core/errors.js";
import { quote } from "../../provider/core/quote.js";
import { REGIONS } from "../../provider/core/settings.js";
import type { AnswerCounts } from "./answers.js";
import { attemptCheck, type Finding } from "./finding.js";

/** Whether the user of the key may approve requests, and so may skip the approval; undefined where unknown. */
export type MayApprove = boolean | undefined;

/** The user of the API key, as the report shows it. */
export interface ReportedUser {
    readonly id: number;
    readonly name: string;
    readonly username?: string | undefined;
    readonly roles: readonly string[];
}

/** The report on the account. */
export interface AccountReport {
    readonly baseUrl: string;
    /** Absent if the address belongs to neither region. */
    readonly region?: string | undefined;
    /** Absent if the key may not read it. */
    readonly user?: ReportedUser | undefined;
    /** Whether DigiCert accepts the key, so that orders can be read. */
    readonly isAccepted: boolean;
    readonly mayApprove: MayApprove;
    readonly findings: readonly Finding[];
}

/** Ids of the roles that may approve requests: Administrator and Manager (DigiCert, glossary: access roles). */
const APPROVER_ROLES: ReadonlySet<number> = new Set([1, 4]);

/** Checks address, key and role. */
export async function checkAccount(client: Pick<CertCentral, "me">, baseUrl: string): Promise<AccountReport> {
    const region = [...REGIONS].find(([, url]) => url === baseUrl)?.[0];
    const address: Finding = {
        check: "address",
        level: "ok",
        text: region === undefined ? baseUrl : `${baseUrl} (region ${region})`,
    };
    const account = { baseUrl, region };
    const read = await attemptCheck("key", () => readUser(client));
    if ("finding" in read) {
        return { ...account, isAccepted: false, mayApprove: undefined, findings: [address, read.finding] };
    }
    if (read.value === undefined) {
        const text = "accepted; its user is unknown, because its role may not read users";
        const findings: Finding[] = [address, { check: "key", level: "unknown", text }];
        return { ...account, isAccepted: true, mayApprove: undefined, findings };
    }
    return { ...account, isAccepted: true, ...reportUser(read.value, address) };
}

/** Reads the user of the key; undefined if the key is valid but may not read its user. */
async function readUser(client: Pick<CertCentral, "me">): Promise<User | undefined> {
    try {
        return await client.me();
    } catch (error) {
        if (error instanceof PermissionError) return undefined;
        throw error;
    }
}

function reportUser(user: User, address: Finding): Pick<AccountReport, "user" | "mayApprove" | "findings"> {
    const roles = user.access_roles ?? [];
    const roleNames = roles.map(({ name, id }) => quote(name ?? `role ${id ?? "without a name"}`));
    const mayApprove = roles.length === 0 ? undefined : roles.some(({ id }) => APPROVER_ROLES.has(id ?? 0));
    const fullName = quote([user.first_name, user.last_name].filter(Boolean).join(" "));
    const name = fullName || quote(user.username ?? user.email ?? `user ${user.id}`);
    const isActive = user.status === undefined || user.status === "active";
    const key: Finding = isActive
        ? {
              check: "key",
              level: "ok",
              text: `accepted; its user is ${name}${roleNames.length > 0 ? ` (${roleNames.join(", ")})` : ""}`,
          }
        : {
              check: "key",
              level: "attention",
              text: `accepted, but its user ${name} is ${quote(user.status ?? "")}. Make a key for an active user.`,
          };
    return {
        user: { id: user.id, name, username: user.username && quote(user.username), roles: roleNames },
        mayApprove,
        findings: [address, key, checkRole(mayApprove)],
    };
}

/** Checks the role. The API does not show a restriction of the key itself; a restricted key fails at its first write. */
function checkRole(mayApprove: MayApprove): Finding {
    const check = "role";
    const unknown = "A restriction of the key itself (View Only) cannot be read.";
    if (mayApprove === undefined) {
        return { check, level: "unknown", text: `DigiCert reports no role of the user. ${unknown}` };
    }
    if (mayApprove)
        return { check, level: "ok", text: `may approve requests (skipApproval: true works). ${unknown}` };
    return {
        check,
        level: "info",
        text: "may not approve requests: every reissue waits for an approver, and skipApproval: true is refused",
    };
}

/** Judges the quota by the answers of the whole run. */
export function checkQuota({ answers, refused }: AnswerCounts): Finding {
    const check = "quota";
    if (refused > 0) {
        const text = `used up: DigiCert refused ${refused} of ${answers} requests. Give each program that uses the account a key of its own.`;
        return { check, level: "attention", text };
    }
    const limits = "100 requests in 5 s and 1,000 in 3 min per key";
    return {
        check,
        level: "ok",
        text: `none of ${answers} requests was refused (${limits}); the rest of the quota cannot be read`,
    };
}

/** The heading of the account's part of the report. */
export function accountHeading({ baseUrl, region, user }: AccountReport): string {
    const address = region === undefined ? baseUrl : `${baseUrl} (region ${region})`;
    const roles = user && user.roles.length > 0 ? ` (${user.roles.join(", ")})` : "";
    return `account: ${address}${user ? `, key of ${user.name}${roles}` : ""}`;
}
