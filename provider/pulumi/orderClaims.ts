/**
 * Records which resource of the running program uses which order.
 *
 * Each process also writes its claims into a file of its own, in a folder of the run below the temporary folder, because Pulumi
 * starts a process for each provider of a program and tells none of them about the others. All processes of a run get the same
 * engine address, which names the folder. The file of a process that has ended is ignored, and removed when it is a day old: Pulumi
 * ends its providers in a way that lets none of them clean up.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { appendFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const DAY_MS = 86_400_000;

/** The claims of another process, and the size of the file that they were read from. */
interface OtherProcess {
    readonly size: number;
    /** The identities that have claimed an order, by the order. */
    readonly claims: ReadonlyMap<string, readonly string[]>;
}

/** The claims of one run of a program. */
export class OrderClaims {
    readonly #claims = new Map<string, string>();
    readonly #others = new Map<string, OtherProcess>();
    readonly #run: string | undefined;
    #folder: string | undefined;

    /** @param engine - address of the engine that started this process; without it, the claims of other processes are not seen */
    constructor(engine?: string) {
        this.#run = engine && createHash("sha256").update(engine).digest("hex").slice(0, 32);
    }

    /**
     * Claims an order for a resource.
     *
     * @param address - DigiCert's address, because order ids of two regions are unrelated
     * @returns the identity of another resource that has claimed the order before; undefined if there is none
     */
    claim(orderId: string, identity: string, address: string): string | undefined {
        const key = `${address} ${orderId}`;
        // If two processes claim an order at the same moment, the process that reads later sees the claim of the other.
        if (!this.#claims.has(key)) this.#publish(key, identity);
        const holder = this.#claims.get(key) ?? this.#readOthers(key).find((other) => other !== identity);
        this.#claims.set(key, holder ?? identity);
        return holder === identity ? undefined : holder;
    }

    /** Whether a resource of this process has claimed the order. */
    isClaimedHere(orderId: string, address: string): boolean {
        return this.#claims.has(`${address} ${orderId}`);
    }

    /** Whether a resource of this run has claimed the order, in this process or another. */
    isClaimed(orderId: string, address: string): boolean {
        return this.isClaimedHere(orderId, address) || this.#readOthers(`${address} ${orderId}`).length > 0;
    }

    /** Adds a claim to the file of this process. Without a usable temporary folder, only the claims of this process are seen. */
    #publish(key: string, identity: string): void {
        if (this.#run === undefined) return;
        try {
            this.#folder ??= makeFolder(this.#run);
            const line = `${JSON.stringify([key, identity])}\n`;
            appendFileSync(join(this.#folder, String(process.pid)), line, { mode: 0o600 });
        } catch {
            this.#folder = undefined;
        }
    }

    /** Reads the claims of the other processes of this run. */
    #readOthers(key: string): string[] {
        if (this.#run === undefined) return [];
        try {
            const folder = (this.#folder ??= makeFolder(this.#run));
            return readdirSync(folder).flatMap((pid) =>
                Number(pid) !== process.pid && isRunning(Number(pid))
                    ? (this.#readProcess(join(folder, pid)).get(key) ?? [])
                    : [],
            );
        } catch {
            return [];
        }
    }

    #readProcess(file: string): OtherProcess["claims"] {
        const { size } = statSync(file);
        const known = this.#others.get(file);
        if (known?.size === size) return known.claims;
        const claims = new Map<string, string[]>();
        // The last element is empty, or a line that is being written.
        for (const line of readFileSync(file, "utf8").split("\n").slice(0, -1)) {
            const [key, identity] = JSON.parse(line) as [string, string];
            claims.set(key, [...(claims.get(key) ?? []), identity]);
        }
        this.#others.set(file, { size, claims });
        return claims;
    }
}

/** Makes the folder of a run, and removes those of runs that ended more than a day ago. */
function makeFolder(run: string): string {
    const { username, uid } = userInfo();
    const all = join(tmpdir(), `pulumi-digicert-${username}`);
    mkdirSync(all, { recursive: true, mode: 0o700 });
    // A folder of that name that another user owns is not used: its owner could claim orders, or redirect the writes.
    const stats = lstatSync(all);
    const isOwn = stats.isDirectory() && (uid === -1 || stats.uid === uid) && (stats.mode & 0o022) === 0;
    if (uid !== -1 && !isOwn) throw new Error(`${all} belongs to somebody else`);
    const folder = join(all, run);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(all)) if (name !== run) removeEnded(join(all, name));
    return folder;
}

/** Removes the folder of a run that began more than a day ago, if none of its processes is running. */
function removeEnded(path: string): void {
    try {
        const stats = statSync(path);
        if (Date.now() - stats.mtimeMs < DAY_MS) return;
        // An earlier version left a file for each claim.
        if (stats.isDirectory() && readdirSync(path).some((pid) => isRunning(Number(pid)))) return;
        rmSync(path, { recursive: true });
    } catch {
        // Another process has removed it.
    }
}

function isRunning(pid: number): boolean {
    try {
        return process.kill(pid, 0);
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}
