import assert from "node:assert/strict";
import fc from "fast-check";
import { pemBlocks, toPem } from "../../../provider/core/x509/pem.js";
import { withCrLf } from "../../../simulator/pem.js";

describe("toPem and pemBlocks", () => {
    it("give back what was framed, whatever the line ends", () => {
        fc.assert(
            fc.property(
                fc.array(fc.uint8Array({ minLength: 1 }), { maxLength: 4 }),
                fc.boolean(),
                (ders, crlf) => {
                    const text = ders.map((der) => toPem("CERTIFICATE", der)).join("");
                    const blocks = pemBlocks(crlf ? withCrLf(text) : text);
                    assert.deepEqual(
                        blocks.map(({ label, base64 }) => [label, Buffer.from(base64, "base64")]),
                        ders.map((der) => ["CERTIFICATE", Buffer.from(der)]),
                    );
                },
            ),
        );
    });

    it("keep lines to 64 columns and end with one line end", () => {
        fc.assert(
            fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (der) => {
                const text = toPem("X", der);
                assert.match(text, /^-----BEGIN X-----\n([^\n]{64}\n)*[^\n]{1,64}\n-----END X-----\n$/);
            }),
        );
    });

    it("find blocks of different kinds in order, and only whole ones", () => {
        const text = `${toPem("A", Buffer.from("1"))}junk\n${toPem("B C", Buffer.from("2"))}-----BEGIN D-----\nZ`;
        assert.deepEqual(
            pemBlocks(text).map(({ label }) => label),
            ["A", "B C"],
        );
        assert.deepEqual(pemBlocks(""), []);
    });
});
