import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { DigiCertReissue, type DigiCertReissueArgs } from "../../sdk/nodejs/index.js";
import { typescriptProblem } from "../../sdk/nodejs/unsupported.js";
import { removeFolder, temporaryFolder } from "../engine/folders.js";
import { writeFiles } from "../engine/program.js";
import { mockEngine, type MockEngine } from "../fixtures/engine.js";

const ARGS: DigiCertReissueArgs = {
    orderId: 112233,
    certificate: { commonName: "shop.example", csr: "CSR" },
};

describe("what cannot work", () => {
    let engine: MockEngine;
    beforeEach(async () => {
        engine = await mockEngine();
    });

    /** Checks the sentence, that Pulumi prints it without a stack trace, and that nothing was registered. */
    function refuses(make: () => unknown, sentence: RegExp): void {
        assert.throws(make, (error) => {
            assert.ok(pulumi.RunError.isInstance(error), String(error));
            assert.match(error.message, sentence);
            return true;
        });
        assert.deepEqual(engine.registered, []);
    }

    it("is the option import, which is refused with the input that does the same", () => {
        refuses(
            () => new DigiCertReissue("shop", ARGS, { import: "112233" }),
            /^Making the DigiCertReissue "shop": .*"import" does not work.* adoptExisting: true/,
        );
    });

    it("is the option customTimeouts, which is refused with the input that does the same", () => {
        refuses(
            () => new DigiCertReissue("shop", ARGS, { customTimeouts: { create: "5m" } }),
            /^Making the DigiCertReissue "shop": .*"customTimeouts" does not work.*issuanceTimeoutSeconds/,
        );
    });

    describe("under Bun", () => {
        const versions = Object.getOwnPropertyDescriptor(process, "versions") ?? {};
        before(() => {
            Object.defineProperty(process, "versions", {
                ...versions,
                value: { ...process.versions, bun: "1.4.5" },
            });
        });
        after(() => {
            Object.defineProperty(process, "versions", versions);
        });

        it("is a resource, and the order that is only read", () => {
            const sentence = /^Making the DigiCertReissue "shop": .*under Bun.*Run it with Node\.js/;
            refuses(() => new DigiCertReissue("shop", ARGS), sentence);
            refuses(() => DigiCertReissue.get("shop", 112233), sentence);
        });
    });
});

describe("typescriptProblem", () => {
    let folder: string;
    afterEach(() => {
        removeFolder(folder);
    });

    function beside(typescript: string | undefined, allowed: string | undefined): string | undefined {
        folder = temporaryFolder("typescript");
        const sdk = { peerDependencies: { typescript: allowed } };
        writeFiles(folder, {
            "node_modules/@pulumi/pulumi/package.json": JSON.stringify(sdk),
            ...(typescript === undefined
                ? {}
                : { "node_modules/typescript/package.json": JSON.stringify({ version: typescript }) }),
        });
        return typescriptProblem(
            createRequire(join(folder, "node_modules", "@pulumi", "pulumi", "index.js")),
        );
    }

    it("tells which version is too new, and what the SDK needs", () => {
        const sentence = beside("7.0.2", ">= 3.8.3 < 7") ?? "";
        assert.match(sentence, /TypeScript is 7\.0\.2, .* needs one below 7, .*Install an older one/);
    });

    const fine: [string, string | undefined, string | undefined][] = [
        ["the SDK allows it", "5.9.3", ">= 3.8.3 < 7"],
        ["it still has the API, though the SDK is older", "6.0.3", ">= 3.8.3 < 6"],
        ["a later SDK allows 7", "7.1.0", ">= 3.8.3 < 8"],
        ["a later SDK says nothing", "7.1.0", undefined],
        ["there is none", undefined, ">= 3.8.3 < 7"],
    ];
    for (const [why, typescript, allowed] of fine) {
        it(`has nothing to say where ${why}`, () => {
            assert.equal(beside(typescript, allowed), undefined);
        });
    }
});
