/** The same program in another spelling every day. */
import { csrPem, type KeyPair } from "../../../test/fixtures/csr.js";
import { withCrLf } from "../../../simulator/pem.js";

interface Args {
    readonly orderId: number;
    readonly certificate: { commonName: string; dnsNames: string[]; csr: string };
}

const FRAMES: readonly ((pem: string) => string)[] = [
    (pem) => pem,
    withCrLf,
    (pem) => `\n  ${pem}\n\n`,
    (pem) => pem.replace(/-----[^-]+-----|\n/g, ""),
    (pem) => pem.replaceAll("CERTIFICATE", "NEW CERTIFICATE"),
];

/** Another case of names, another way to write number and PEM, and a CSR signed afresh. */
export function respelt<T extends Args>(args: T, keys: KeyPair, day: number): T {
    const { commonName, dnsNames } = args.certificate;
    const frame = FRAMES[day % FRAMES.length];
    const isEven = day % 2 === 0;
    const names = [commonName, ...dnsNames].map((name) => (isEven ? name.toUpperCase() : name));
    return {
        ...args,
        orderId: isEven ? args.orderId : `0${args.orderId}`,
        certificate: {
            commonName: isEven ? commonName : commonName.toUpperCase(),
            dnsNames: day % 3 === 0 ? names.toReversed() : names.slice(1),
            csr: frame?.(csrPem(keys)) ?? "",
        },
    };
}
