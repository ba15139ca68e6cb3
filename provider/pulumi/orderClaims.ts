/**
 * Records which resource of the running program uses which order.
 *
 * Pulumi starts a process for each provider of a program, and the processes do not know each other. All processes of one run
 * get the same engine address, so each claim is also a small file in the temporary folder, named by that address, the order
 * and the process. The file of a process that has ended is ignored.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** The claims of one run of a program. */
export class OrderClaims {
    readonly #claims = new Map<string, string>();
    readonly #engine: string | undefined;
    /** The files of this process, which are removed when it ends. */
    readonly #files = new Set<string>();
    #folder: string | undefined;

    /** @param engine - address of the engine that started this process; without it, the claims of other processes are not seen */
    constructor(engine?: string) {
        this.#engine = engine;
    }

    /**
     * Claims an order for a resource.
     *
     * @param address - DigiCert's address, because order ids of two regions are unrelated
     * @returns the identity of another resource that has claimed the order before; undefined if there is none
     */
    claim(orderId: string, identity: string, address: string): string | undefined {
        const key = `${address} ${orderId}`;
        const holder = this.#claims.get(key) ?? this.#readOthers(key).find((other) => other !== identity);
        this.#claims.set(key, holder ?? identity);
        this.#publish(key, identity);
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

    #prefix(key: string): string {
        return createHash("sha256").update(`${this.#engine} ${key}`).digest("hex").slice(0, 32);
    }

    /** Writes the file of a claim. Without a usable temporary folder, only the claims of this process are seen. */
    #publish(key: string, identity: string): void {
        if (this.#engine === undefined) return;
        try {
            const folder = (this.#folder ??= this.#makeFolder());
            const file = join(folder, `${this.#prefix(key)}.${process.pid}`);
            writeFileSync(file, identity, { mode: 0o600 });
            if (this.#files.size === 0) process.once("exit", this.#removeFiles);
            this.#files.add(file);
        } catch {
            this.#folder = undefined;
        }
    }

    readonly #removeFiles = (): void => {
        for (const file of this.#files) rmSync(file, { force: true });
    };

    #makeFolder(): string {
        const { username, uid } = userInfo();
        const folder = join(tmpdir(), `pulumi-digicert-${username}`);
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        // A folder of that name that another user owns is not used: its owner could claim orders, or redirect the writes.
        const stats = lstatSync(folder);
        const isOwn = stats.isDirectory() && (uid === -1 || stats.uid === uid) && (stats.mode & 0o022) === 0;
        if (uid !== -1 && !isOwn) throw new Error(`${folder} belongs to somebody else`);
        return folder;
    }

    /** Reads the claims of the other processes of this run. */
    #readOthers(key: string): string[] {
        if (this.#engine === undefined) return [];
        try {
            const folder = (this.#folder ??= this.#makeFolder());
            const prefix = `${this.#prefix(key)}.`;
            return readdirSync(folder).flatMap((name) => {
                const pid = Number(name.slice(prefix.length));
                const isOther = name.startsWith(prefix) && pid !== process.pid && isRunning(pid);
                return isOther ? [readFileSync(join(folder, name), "utf8")] : [];
            });
        } catch {
            return [];
        }
    }
}

function isRunning(pid: number): boolean {
    try {
        return process.kill(pid, 0);
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}
