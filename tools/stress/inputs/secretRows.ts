/** Private keys and passwords, pasted into every field. */
import { given, givenAt, type Bag } from "../../../test/fixtures/inputs.js";
import { FIELDS, PASSWORDS, pastedKeys, propertyOf } from "./secrets.js";
import { accepted, refused, type Row } from "./row.js";

const KEY = /holds a private key/;
const keys = pastedKeys();
const [first = { form: "", text: "" }] = keys;

/** Fields in which a password looks like a valid value. */
const FREE: readonly (readonly [fields: readonly string[], passwords: RegExp, because: string])[] = [
    [["comments"], /./, "a comment may be any text"],
    [["triggers.rotation"], /./, "a trigger may be any text; SECURITY.md says what becomes of it"],
    [["additionalParameters.dcv_method", "additionalParameters.list.[]"], /./, "the body may hold any text"],
    [["certificate.caCertId"], /^[\w-]{1,64}$/, "the id of a CA looks like that"],
    [
        ["certificate.commonName", "certificate.dnsNames.[]", "allowNameRemoval.[]"],
        /^[\p{L}-]+$/u,
        "a host name looks like that",
    ],
];

function passwordAt(field: string, password: string): Row {
    const bag: Bag = givenAt(field.split("."), password);
    const title = `the password ${password} at ${field}`;
    const [, , because] = FREE.find(([fields, kind]) => fields.includes(field) && kind.test(password)) ?? [];
    return because === undefined
        ? refused(title, bag, propertyOf(field), /./)
        : accepted(title, bag, because);
}

/** A row per form and per field; `everywhere` is their product. */
export const secretRows: Row[] = [
    ...keys.map(({ form, text }) =>
        refused(
            `a private key, ${form}, as CSR`,
            givenAt(["certificate", "csr"], text),
            "certificate.csr",
            KEY,
        ),
    ),
    ...FIELDS.map((field) =>
        refused(`a private key at ${field}`, givenAt(field.split("."), first.text), propertyOf(field), KEY),
    ),
    ...FIELDS.map((field) => passwordAt(field, "S3cr3t!hunter2")),
    refused("a private key as a name", given({ [first.text]: 1 }), '["(a private key)"]', KEY),
    refused(
        "a private key as the name of a trigger",
        given({ triggers: { [first.text]: "1" } }),
        'triggers["(a private key)"]',
        KEY,
    ),
    refused(
        "a private key as a name in the body",
        given({ additionalParameters: { [first.text]: { x: 1 } } }),
        'additionalParameters["(a private key)"]',
        KEY,
    ),
    refused(
        "private keys in three places",
        { orderId: first.text, certificate: { csr: first.text }, comments: first.text },
        ["certificate.csr", "comments", "orderId"],
        KEY,
    ),
];

/** Every secret at every field. */
export function* everywhere(): Generator<Row> {
    for (const field of FIELDS) {
        for (const { form, text } of keys) {
            yield refused(`${form} at ${field}`, givenAt(field.split("."), text), propertyOf(field), KEY);
        }
        for (const password of PASSWORDS) yield passwordAt(field, password);
    }
}
