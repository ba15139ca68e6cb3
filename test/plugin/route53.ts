/**
 * A program that stands for the provider `aws` in the programs of the documents: it publishes a record of Route 53 in the simulator,
 * whose admin interface `ADMIN_URL` names. The engine attaches to it.
 */
import { main, type Provider } from "@pulumi/pulumi/provider";

const RECORD = {
    zoneId: { type: "string" },
    name: { type: "string" },
    type: { type: "string" },
    ttl: { type: "integer" },
    records: { type: "array", items: { type: "string" } },
};

/** What the YAML host has to know. */
const SCHEMA = {
    name: "aws",
    version: "7.0.0",
    resources: {
        "aws:route53/record:Record": {
            inputProperties: RECORD,
            requiredInputs: ["zoneId", "name", "type"],
            properties: RECORD,
        },
    },
};

interface Properties {
    readonly name: string;
    readonly type: string;
    readonly records: readonly string[];
}

async function send(method: "POST" | "DELETE", record: object): Promise<void> {
    const url = new URL("records", process.env.ADMIN_URL);
    const answer = await fetch(url, { method, body: JSON.stringify(record) });
    if (!answer.ok) throw new Error(await answer.text());
}

async function publish({ name, type, records }: Properties): Promise<void> {
    for (const value of records) await send("POST", { name, type, value });
}

const remove = ({ name, type }: Properties) => send("DELETE", { name, type });

const provider: Provider = {
    version: SCHEMA.version,
    schema: JSON.stringify(SCHEMA),
    create: async (_urn, inputs: Properties) => {
        await publish(inputs);
        return { id: inputs.name, outs: inputs };
    },
    update: async (_id, _urn, olds: Properties, news: Properties) => {
        await remove(olds);
        await publish(news);
        return { outs: news };
    },
    delete: (_id, _urn, record: Properties) => remove(record),
};

// The engine has another address, which it sends when it attaches.
void main(provider, ["127.0.0.1:1"]);
