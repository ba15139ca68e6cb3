import { execFileSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import {
    existsSync,
    mkdtempSync,
    readFileSync,
    readlinkSync,
    renameSync,
    rmSync,
    statSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { RunError } from "@pulumi/pulumi";

/**
 * Keys and certificates on this machine, one folder for each rotation, and a link `current` to the one in use:
 *
 *     2026-10/   privkey.pem  csr.pem  fullchain.pem
 *     2026-11/   privkey.pem  csr.pem  fullchain.pem
 *     current -> 2026-11
 *
 * A rotation's key never changes, so whatever certificate lies beside it is one for it. Pulumi gets to see the CSR.
 */
export class KeyFolder {
    constructor(private readonly path: string) {
        // Not made here: a machine that lacks it is the wrong one, and would pay for a certificate of another key.
        const mode = existsSync(path) ? statSync(path).mode & 0o777 : undefined;
        if (mode === undefined || (mode & 0o077) !== 0) {
            const found = mode === undefined ? "is not there" : `has mode 0${mode.toString(8)}`;
            throw new RunError(`The key folder "${path}" ${found}. Run: install -d -m 700 ${path}`);
        }
    }

    /** The CSR of a rotation. Its key is made with it, once, and never again. */
    csr(rotation: string, commonName: string): string {
        const folder = this.folderOf(rotation);
        if (!existsSync(folder)) {
            // Moved into place when complete, so that no half-made key is ever taken for one.
            const fresh = mkdtempSync(join(this.path, ".new-"));
            try {
                makeKeyAndCsr(fresh, commonName);
                renameSync(fresh, folder);
            } finally {
                rmSync(fresh, { recursive: true, force: true });
            }
        }
        return readFileSync(join(folder, "csr.pem"), "utf8");
    }

    /** Puts a certificate beside its key, then turns `current` to both in one step. */
    publish(rotation: string, fullChainPem: string): void {
        const folder = this.folderOf(rotation);
        const key = createPrivateKey(readFileSync(join(folder, "privkey.pem")));
        if (!new X509Certificate(fullChainPem).checkPrivateKey(key)) {
            throw new RunError(`The certificate is not for the key in "${folder}"; nothing was changed.`);
        }
        const chain = join(folder, "fullchain.pem");
        if (!existsSync(chain) || readFileSync(chain, "utf8") !== fullChainPem) {
            replace(chain, (path) => {
                writeFileSync(path, fullChainPem);
            });
        }
        const current = join(this.path, "current");
        if (!existsSync(current) || readlinkSync(current) !== rotation) {
            replace(current, (path) => {
                symlinkSync(rotation, path);
            });
        }
    }

    private folderOf(rotation: string): string {
        if (!/^\w[\w.-]*$/.test(rotation) || rotation === "current") {
            throw new RunError(
                `rotation: "${rotation}" cannot be a folder's name. Take a month, such as 2026-11.`,
            );
        }
        return join(this.path, rotation);
    }
}

function makeKeyAndCsr(folder: string, commonName: string): void {
    const key = join(folder, "privkey.pem");
    const openssl = (...args: string[]): void => {
        execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
    };
    writeFileSync(key, "", { mode: 0o600 }); // openssl writes into the file that is there, with its mode
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key);
    openssl("req", "-new", "-key", key, "-subj", `/CN=${commonName}`, "-out", join(folder, "csr.pem"));
}

/** Makes a file or link under another name, then renames it over the old one: there is no moment without it. */
function replace(path: string, make: (path: string) => void): void {
    const next = `${path}.next`;
    rmSync(next, { force: true });
    make(next);
    renameSync(next, path);
}
