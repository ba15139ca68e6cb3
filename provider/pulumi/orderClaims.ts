/**
 * Which resource of the running program has which order.
 *
 * Pulumi starts one provider process for each provider of a program, and tells none of them about the others. What the
 * processes of one engine share is the engine's address, so each claim is also a small file in the temporary folder, named by
 * that address, the order and the process. A file of a process that has ended counts no more.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** The claims of one run of a program; only a run of the program makes any. */
export class OrderClaims {
    readonly #own = new Map<string, string>();
    readonly #engine: string | undefined;
    #folder: string | undefined;

    /** @param engine - address of the engine that started this process; without it, other processes are not seen */
    constructor(engine?: string) {
        this.#engine = engine;
    }

    /**
     * Claims an order for a resource.
     *
     * @param address - DigiCert's address, because order ids of two regions are unrelated
     * @returns the identity of the resource that has claimed the order before, if it is another one
     */
    claim(orderId: string, identity: string, address: string): string | undefined {
        const key = `${address} ${orderId}`;
        const holder = this.#own.get(key) ?? this.#elsewhere(key).find((other) => other !== identity);
        this.#own.set(key, holder ?? identity);
        this.#publish(key, identity);
        return holder === identity ? undefined : holder;
    }

    /** Whether a resource of this process has claimed the order. */
    isClaimedHere(orderId: string, address: string): boolean {
        return this.#own.has(`${address} ${orderId}`);
    }

    /** Whether a resource of this run has claimed the order, in this process or another. */
    isClaimed(orderId: string, address: string): boolean {
        return this.isClaimedHere(orderId, address) || this.#elsewhere(`${address} ${orderId}`).length > 0;
    }

    #prefix(key: string): string {
        return createHash("sha256").update(`${this.#engine} ${key}`).digest("hex").slice(0, 32);
    }

    /** A temporary folder that cannot be used costs the view of other processes, nothing else. */
    #publish(key: string, identity: string): void {
        if (this.#engine === undefined) return;
        try {
            const folder = (this.#folder ??= this.#makeFolder());
            const file = join(folder, `${this.#prefix(key)}.${process.pid}`);
            writeFileSync(file, identity, { mode: 0o600 });
            process.once("exit", () => {
                rmSync(file, { force: true });
            });
        } catch {
            this.#folder = undefined;
        }
    }

    #makeFolder(): string {
        const { username, uid } = userInfo();
        const folder = join(tmpdir(), `pulumi-digicert-${username}`);
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        // Somebody else's folder of that name is not used: it could claim orders, or make the user write elsewhere.
        const stats = lstatSync(folder);
        const isOwn = stats.isDirectory() && (uid === -1 || stats.uid === uid) && (stats.mode & 0o022) === 0;
        if (uid !== -1 && !isOwn) throw new Error(`${folder} belongs to somebody else`);
        return folder;
    }

    #elsewhere(key: string): string[] {
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
