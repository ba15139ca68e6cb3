import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";

interface Inputs {
    server: string;
    zone: string;
    name: string;
    type: "TXT" | "CNAME";
    value: string;
}

/**
 * Sends one dynamic update (RFC 2136): the records of that name and type become these. It is signed with the key in the
 * environment variable `DNS_KEY`, if there is one: `hmac-sha256:NAME SECRET`.
 */
async function sendUpdate({ server, zone, name, type }: Inputs, values: string[]): Promise<void> {
    const [host, port] = server.split(":");
    const data = (value: string) => (type === "TXT" ? `"${value}"` : `${value}.`);
    const key = process.env.DNS_KEY;
    const lines = [
        `server ${host} ${port}`,
        ...(key ? [`key ${key}`] : []),
        `zone ${zone}.`,
        `update delete ${name}. ${type}`,
        ...values.map((value) => `update add ${name}. 60 ${type} ${data(value)}`),
        "send",
        "",
    ];
    // Of bind9-dnsutils or knot-dnsutils; they take the same commands.
    for (const command of ["nsupdate", "knsupdate"]) {
        const running = promisify(execFile)(command, [], { timeout: 10_000 });
        running.child.stdin?.on("error", () => undefined).end(lines.join("\n"));
        try {
            await running;
            return;
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code === "ENOENT") continue;
            throw new Error(`Updating ${name}: ${(error as { stderr?: string }).stderr ?? String(error)}`);
        }
    }
    throw new Error("Neither nsupdate nor knsupdate is installed (packages bind9-dnsutils, knot-dnsutils).");
}

const provider: pulumi.dynamic.ResourceProvider<Inputs, Inputs> = {
    async create(inputs) {
        await sendUpdate(inputs, [inputs.value]);
        return { id: `${inputs.name}/${inputs.type}`, outs: inputs };
    },
    diff(_id, olds, news) {
        const replaces = (["server", "zone", "name", "type"] as const).filter(
            (member) => olds[member] !== news[member],
        );
        return Promise.resolve({ replaces, changes: replaces.length > 0 || olds.value !== news.value });
    },
    async update(_id, _olds, news) {
        await sendUpdate(news, [news.value]);
        return { outs: news };
    },
    async delete(_id, inputs) {
        await sendUpdate(inputs, []);
    },
};

/** A record in a zone that takes dynamic updates. */
export class DnsRecord extends pulumi.dynamic.Resource {
    constructor(name: string, args: { [Member in keyof Inputs]: pulumi.Input<Inputs[Member]> }) {
        super(provider, name, { ...args });
    }
}
