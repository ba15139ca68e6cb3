import assert from "node:assert/strict";
import { ImitatedEngine, type Props, type ProviderCalls } from "./imitation.js";

/** A provider that its inputs control, and that records its calls. */
class Told implements ProviderCalls {
    readonly calls: string[] = [];
    supportsPreview = false;

    check(_olds: Props, news: Props) {
        const failures = news.bad === true ? [{ property: "bad", reason: "is bad" }] : [];
        return Promise.resolve({ inputs: news, failures });
    }

    diff(_id: string, olds: Props, news: Props) {
        if (news.refuse === true) return Promise.reject(new Error("refused"));
        const replaces = olds.id === news.id ? [] : ["id"];
        return Promise.resolve({ changes: olds.size !== news.size || replaces.length > 0, replaces });
    }

    create(inputs: Props, isPreview = false) {
        return this.#answer(isPreview ? "preview create" : "create", inputs);
    }

    update(_id: string, _olds: Props, news: Props, isPreview = false) {
        return this.#answer(isPreview ? "preview update" : "update", news);
    }

    read(id: string, props: Props) {
        this.calls.push(`read ${id}`);
        return Promise.resolve({ props: { ...props, size: 9 }, inputs: { ...props, size: 9 } });
    }

    delete(id: string) {
        this.calls.push(`delete ${id}`);
        return Promise.resolve();
    }

    #answer(call: string, inputs: Props) {
        const id = String(inputs.id);
        this.calls.push(`${call} ${id}`);
        if (inputs.fail === true) return Promise.reject(new Error("it failed"));
        if (inputs.fail !== "partly") return Promise.resolve({ id, outs: { ...inputs, at: undefined } });
        const properties = { ...inputs, pending: true };
        return Promise.reject(Object.assign(new Error("x"), { id, properties, reasons: ["not yet"] }));
    }
}

describe("ImitatedEngine", () => {
    let engine: ImitatedEngine;
    let provider: Told;

    beforeEach(() => {
        engine = new ImitatedEngine();
        provider = new Told();
    });

    const up = async (program: Record<string, Props>) => {
        const done = await engine.carryOut(provider, await engine.plan(provider, program));
        return done.map(({ did, failure }) => (failure === undefined ? did : `${did}: ${failure}`));
    };
    const thing = () => engine.resources.get("thing");

    it("creates, does nothing, updates and deletes", async () => {
        const first = { thing: { id: "1", size: 1 } };
        assert.deepEqual(await up(first), ["create"]);
        assert.deepEqual(await up(first), ["nothing"]);
        assert.deepEqual(await up({ thing: { id: "1", size: 2 } }), ["update"]);
        assert.deepEqual(await up({}), ["delete"]);
        assert.deepEqual(provider.calls, ["create 1", "update 1", "delete 1"]);
        assert.equal(engine.resources.size, 0);
    });

    it("keeps nothing of a create that failed, and the old state of an update that did", async () => {
        assert.deepEqual(await up({ thing: { id: "1", fail: true } }), ["create: it failed"]);
        assert.equal(thing(), undefined);
        await up({ thing: { id: "1", size: 1 } });
        const before = thing();
        assert.deepEqual(await up({ thing: { id: "1", size: 2, fail: true } }), ["update: it failed"]);
        assert.deepEqual(thing(), before);
    });

    it("keeps new outputs with old inputs of an update that failed partly; then an update is due, whatever diff says", async () => {
        await up({ thing: { id: "1", size: 1 } });
        const partly = { id: "1", size: 2, fail: "partly" };
        assert.deepEqual(await up({ thing: partly }), ["update: not yet"]);
        assert.deepEqual(thing()?.inputs, { id: "1", size: 1 });
        assert.deepEqual(thing()?.outputs, { ...partly, pending: true });
        assert.deepEqual(await up({ thing: { id: "1", size: 2 } }), ["update"]);
        assert.deepEqual(await up({ thing: { id: "1", size: 2 } }), ["nothing"]);
    });

    it("replaces by creating first, and deletes the old one once all went well", async () => {
        await up({ thing: { id: "1" } });
        assert.deepEqual(await up({ thing: { id: "2" }, other: { id: "3", fail: true } }), [
            "replace",
            "create: it failed",
        ]);
        assert.deepEqual(provider.calls.splice(0), ["create 1", "create 2", "create 3"]);
        await up({ thing: { id: "2" } });
        assert.deepEqual(provider.calls, ["delete 1"]);
    });

    it("refuses what check or diff refuses", async () => {
        const [checked] = await engine.plan(provider, { thing: { bad: true } });
        assert.deepEqual([checked?.did, checked?.failure], ["refused", "bad: is bad"]);
        await up({ thing: { id: "1" } });
        const [planned] = await engine.plan(provider, { thing: { id: "1", refuse: true } });
        assert.deepEqual([planned?.did, planned?.failure], ["refused", "refused"]);
    });

    it("previews creates and updates where the provider can, and keeps nothing of them", async () => {
        await up({ old: { id: "1", size: 1 } });
        const before = new Map(engine.resources);
        const program = { old: { id: "1", size: 2 }, new: { id: "2" }, bad: { id: "3", fail: true } };
        const preview = async () => (await engine.preview(provider, program)).map(({ did }) => did);
        provider.calls.length = 0;
        assert.deepEqual([await preview(), provider.calls], [["update", "create", "create"], []]);
        provider.supportsPreview = true;
        assert.deepEqual(await preview(), ["update", "create", "refused"]);
        assert.deepEqual(provider.calls, ["preview update 1", "preview create 2", "preview create 3"]);
        assert.deepEqual(engine.resources, before);
    });

    it("refreshes to what read tells, and names what has drifted", async () => {
        await up({ thing: { id: "1", size: 1 }, same: { id: "2", size: 9 } });
        assert.deepEqual(await engine.refresh(provider), ["thing"]);
        assert.deepEqual(thing()?.inputs, { id: "1", size: 9 });
    });
});
