import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { given } from "../fixtures/given.js";
import { copyPackage, type PackageCopy } from "./packageCopy.js";

interface Stub {
    check(olds: object, news: object): Promise<{ failures: { property: string }[] }>;
}

describe("copyPackage", () => {
    const copies: PackageCopy[] = [];
    const load = (): Stub => {
        const copy = copyPackage();
        copies.push(copy);
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- what Pulumi's host does
        return require(copy.stub) as Stub;
    };
    const claims = async (stub: Stub, identity: string) =>
        (await stub.check({}, given({ identity }))).failures.map(({ property }) => property);

    afterEach(() => {
        for (const copy of copies.splice(0)) copy.dispose();
    });

    it("makes packages that know nothing of each other, as in processes of their own", async () => {
        const [one, other] = [load(), load()];
        assert.deepEqual(await claims(one, "project/dev/a"), []);
        assert.deepEqual(await claims(other, "project/dev/b"), []);
        assert.deepEqual(
            await claims(one, "project/dev/b"),
            ["orderId"],
            "within one, an order has one resource",
        );
    });

    it("leaves nothing behind", () => {
        load();
        const [copy] = copies;
        assert.ok(copy && existsSync(copy.stub));
        copy.dispose();
        assert.ok(!existsSync(copy.stub));
    });
});
