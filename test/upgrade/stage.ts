/** Two stacks that a release has made, in a folder in which another release can be installed. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../engine/folders.js";
import { companions, copyInstallation } from "../engine/installation.js";
import { developedAgainst, npmInstall } from "../engine/npm.js";
import { newStack, type Stack } from "../engine/stack.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";

type Orders = Readonly<Record<"shop" | "taken" | "elsewhere" | "waiting", number>>;

/** The stacks of a release. */
export class Stage {
    private constructor(
        readonly simulator: Simulator,
        readonly orders: Orders,
        private readonly folder: string,
        private readonly csr: string,
        /** Everything in it is issued: `shop` with many inputs, `taken` over, and `elsewhere` by a provider of its own. */
        readonly settled: Stack,
        /** The stack with the resource `waiting`, which needs an approver. */
        readonly waiting: Stack,
    ) {}

    /** Installs the release and runs it. */
    static async open(tarball: string): Promise<Stage> {
        const simulator = await startSimulator({ policy: { approval: "auto" } });
        const folder = temporaryFolder("upgrade");
        await copyInstallation(folder);
        const { csrPem: csr } = await makeKeyAndCsr({ commonName: "shop.example" });
        const order = async (policy = {}) =>
            (await simulator.seedOrder({ commonName: "shop.example", csr, policy })).orderId;
        const orders = {
            shop: await order(),
            taken: await order(),
            elsewhere: await order(),
            waiting: await order({ approval: "required" }),
        };
        const options = { layout: { folder }, program: { files: {} }, env: simulator.env };
        const settled = await newStack({ ...options, stackName: "settled" });
        const waiting = await newStack({ ...options, stackName: "waiting" });
        const stage = new Stage(simulator, orders, folder, csr, settled, waiting);
        try {
            await stage.install(tarball);
            stage.setQuarter("1");
            for (const stack of [settled, waiting]) await stack.up();
            return stage;
        } catch (error) {
            await stage.dispose();
            throw error;
        }
    }

    /** Installs a package in place of the present one; npm changes this package alone. */
    async install(tarball: string): Promise<void> {
        const pinned = companions.map((name) => `${name}@${developedAgainst(name)}`);
        await npmInstall(this.folder, [tarball, ...pinned]);
        const lock = readFileSync(join(this.folder, "package-lock.json"), "utf8");
        const digest = createHash("sha512").update(readFileSync(tarball)).digest("base64");
        assert.ok(lock.includes(`"integrity": "sha512-${digest}"`), "npm has put this package in its place");
    }

    /** Writes another quarter into the program, which is a reissue of `shop`. */
    setQuarter(quarter: string): void {
        const { simulator, orders, csr } = this;
        this.settled.write({ "index.js": program(simulator, orders, csr, quarter) });
    }

    async dispose(): Promise<void> {
        for (const stack of [this.settled, this.waiting]) await stack.dispose();
        await this.simulator.close();
    }
}

/** One program for both stacks: they share the folder. */
const program = (simulator: Simulator, orders: Orders, csr: string, quarter: string): string => `
const pulumi = require("@pulumi/pulumi");
const { DigiCertProvider, DigiCertReissue } = require("pulumi-digicert");
const certificate = { commonName: "shop.example", csr: ${JSON.stringify(csr)} };
if (pulumi.getStack() === "waiting") {
    new DigiCertReissue("waiting", { orderId: ${orders.waiting}, certificate });
} else {
    new DigiCertReissue("shop", {
        orderId: ${orders.shop},
        certificate: { ...certificate, dnsNames: ["www.shop.example", "*.API.shop.example"], signatureHash: "sha384" },
        comments: "for the shop",
        skipApproval: true,
        additionalParameters: { dcv_method: "email" },
        triggers: { quarter: ${JSON.stringify(quarter)} },
        minDaysRemaining: 20,
        allowNameRemoval: ["old.example"],
        deletionPolicy: "revoke",
    });
    new DigiCertReissue("taken", { orderId: ${orders.taken}, certificate, adoptExisting: true });
    const other = { apiKey: ${JSON.stringify(simulator.apiKey)}, baseUrl: ${JSON.stringify(simulator.baseUrl)} };
    new DigiCertReissue(
        "elsewhere",
        { orderId: String(${orders.elsewhere}), certificate },
        { provider: new DigiCertProvider("other", other) },
    );
}`;
