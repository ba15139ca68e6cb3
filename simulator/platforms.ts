/** A server platform in the JSON of products and orders. */
export interface ServerPlatform {
    id: number;
    name: string;
    install_url: string;
    csr_url: string;
}

const names: Record<number, string> = {
    [-1]: "OTHER",
    2: "Apache",
    14: "Microsoft IIS 5 or 6",
    40: "Microsoft IIS 7",
    45: "nginx",
    67: "Microsoft IIS 8",
    68: "Microsoft Exchange Server 2013",
};

/** Makes the platform with an id. Any integer is accepted, because DigiCert has more ids than this table. */
export function serverPlatform(id: number): ServerPlatform {
    const name = names[id] ?? `Platform ${id}`;
    const page = encodeURIComponent(name.toLowerCase());
    return {
        id,
        name,
        install_url: `http://www.digicert.com/ssl-certificate-installation-${page}.htm`,
        csr_url: `http://www.digicert.com/csr-creation-${page}.htm`,
    };
}

/** All platforms in this table. */
export const serverPlatforms: ServerPlatform[] = Object.keys(names).map((id) => serverPlatform(Number(id)));
