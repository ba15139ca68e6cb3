// node report.mjs up.json attention.md
//
// Reads what `pulumi up --json` wrote, one event a line. Prints, as Markdown, what there is to tell: nothing on a day
// without news. Writes the same to attention.md if somebody has to act; else that file is empty.
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const [eventFile, attentionFile] = process.argv.slice(2);
const events = existsSync(eventFile) ? readFileSync(eventFile, "utf8").split("\n").flatMap(parse) : [];
const result = events.find(({ summaryEvent }) => summaryEvent)?.summaryEvent.result;
const certificates = certificatesOf(events);
const said = messagesOf(events);

// A certificate that is not issued comes with a warning of its own.
const waiting = certificates
    .filter(({ status }) => status !== "issued")
    .map(({ orderId, name, status }) => `Order ${orderId} (${name}) is ${status}`);
const hasWarnings = said.some((text) => text.startsWith("warning: "));
const attention = [
    ...waiting,
    ...(waiting.length === 0 && hasWarnings ? ["There are warnings"] : []),
    ...(result === "succeeded" ? [] : ["pulumi up failed"]),
];
const news = certificates
    .filter(({ status, isNew }) => status === "issued" && isNew)
    .map(
        ({ orderId, name, validTill }) =>
            `Order ${orderId} (${name}) has a new certificate, valid until ${validTill}`,
    );

const report = attention.length + news.length === 0 ? "" : page();
writeFileSync(attentionFile, attention.length === 0 ? "" : report);
process.stdout.write(report);

function page() {
    const head = [
        "| order | resource | status | requests | valid until |",
        "| --- | --- | --- | --- | --- |",
    ];
    const rows = certificates.map(
        ({ orderId, name, status, requestIds = [], validTill = "no certificate yet" }) =>
            `| ${orderId} | ${name} | ${status} | ${requestIds.join(", ")} | ${validTill} |`,
    );
    const cutOff =
        "The run did not get to its end; its log says why. If it was killed: `pulumi cancel`, then run the workflow again.";
    return [
        `${[...attention, ...news].join("; ")}.`,
        ...(rows.length > 0 ? [[...head, ...rows].join("\n")] : []),
        ...(attention.length > 0 && said.length > 0 ? [said.map((text) => `- ${text}`).join("\n")] : []),
        ...(result === undefined ? [cutOff] : []),
    ]
        .map((part) => `${part}\n`)
        .join("\n");
}

/** The program's orders, as the run left them: DigiCertReissue, then the DigiCertValidation of it, which hands on. */
function certificatesOf(all) {
    const found = new Map();
    for (const { resOutputsEvent, resOpFailedEvent } of all) {
        const { urn, type, old, new: now } = (resOutputsEvent ?? resOpFailedEvent)?.metadata ?? {};
        const [, kind] = /^pulumi-nodejs:dynamic\/digicert:(Reissue|Validation)$/.exec(type) ?? [];
        // After a validation that failed, the reissue tells how far the order is.
        if (kind === undefined || !now || (kind === "Validation" && resOpFailedEvent)) continue;
        const { outputs } = now;
        const id = kind === "Reissue" ? "issuedCertificateId" : "certificateId";
        const isNew = outputs[id] !== old?.outputs[id];
        const name = urn.split("::").at(-1);
        found.set(outputs.orderId, { ...found.get(outputs.orderId), ...outputs, name, isNew });
    }
    return [...found.values()];
}

/** All errors, and what was said about orders; each line once. */
function messagesOf(all) {
    const lines = all.flatMap(({ diagnosticEvent: { severity, message } = {} }) =>
        (message ?? "")
            .split("\n")
            .map((line) => line.replace(/^[\s*]+/, "").trim())
            .filter((line) =>
                severity === "error"
                    ? !/^$|errors? occurred:$|^update failed$/.test(line)
                    : severity !== "debug" && /^(warning: )?order \d+: /.test(line),
            ),
    );
    return [...new Set(lines)];
}

/** A line that is cut off, as where the CLI was killed, is no event. */
function parse(line) {
    try {
        return [JSON.parse(line)];
    } catch {
        return [];
    }
}
