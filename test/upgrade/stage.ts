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

/** The stacks of a release. */
export interface Stage {
    readonly simulator: Simulator;
    /** Everything in it is issued: `shop` with many inputs, `taken` over, and `elsewhere` by a provider of its own. */
    readonly settled: Stack;
    /** The stack with the resource `waiting`, which needs an approver. */
    readonly waiting: Stack;
    readonly orders: Orders;
    /** Installs a package in place of the present one. */
    install(tarball: string): Promise<void>;
    /** Writes another quarter into the program, which is a reissue of `shop`. */
    setQuarter(quarter: string): void;
    dispose(): Promise<void>;
}

type Orders = Readonly<Record<"shop" | "taken" | "elsewhere" | "waiting", number>>;

/** Installs the release and runs it. */
export async function openStage(tarball: string): Promise<Stage> {
    const simulator = await startSimulator();
    const folder = temporaryFolder("upgrade");
    // npm then changes this package alone.
    await copyInstallation(folder);
    const install = async (file: string): Promise<void> => {
        await npmInstall(folder, [file, ...companions.map((name) => `${name}@${developedAgainst(name)}`)]);
        assert.equal(installedIntegrity(folder), integrityOf(file), "npm has put this package in its place");
    };
    const { csrPem } = await makeKeyAndCsr({ commonName: "shop.example" });
    const orders = await seedOrders(simulator, csrPem);
    const text = (quarter: string) => program(simulator, orders, csrPem, quarter);
    const open = (stackName: string): Promise<Stack> =>
        newStack({
            layout: { folder },
            stackName,
            program: { files: { "index.js": text("1") } },
            env: {
                DIGICERT_API_KEY: simulator.apiKey,
                DIGICERT_BASE_URL: simulator.baseUrl,
                DIGICERT_POLL_SECONDS: "0.2",
            },
        });
    const stacks: Stack[] = [];
    const dispose = async (): Promise<void> => {
        for (const stack of stacks) await stack.dispose();
        await simulator.close();
    };
    try {
        await install(tarball);
        const [settled, waiting] = [await open("settled"), await open("waiting")];
        stacks.push(settled, waiting);
        for (const stack of stacks) await stack.up();
        const setQuarter = (quarter: string): void => {
            settled.write({ "index.js": text(quarter) });
        };
        return { simulator, settled, waiting, orders, install, setQuarter, dispose };
    } catch (error) {
        await dispose();
        throw error;
    }
}

async function seedOrders(simulator: Simulator, csr: string): Promise<Orders> {
    const seed = { commonName: "shop.example", csr };
    const issued = { ...seed, policy: { approval: "auto" } } as const;
    const order = async (one: Parameters<Simulator["seedOrder"]>[0]) =>
        (await simulator.seedOrder(one)).orderId;
    return {
        shop: await order(issued),
        taken: await order(issued),
        elsewhere: await order(issued),
        waiting: await order({ ...seed, policy: { approval: "required" } }),
    };
}

/** As npm has it in its lock. */
function installedIntegrity(folder: string): string | undefined {
    const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")) as {
        packages: Record<string, { integrity?: string }>;
    };
    return lock.packages["node_modules/pulumi-digicert"]?.integrity;
}

function integrityOf(file: string): string {
    return `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
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
