import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { run } from "./engine/child.js";
import { cleanEnvironment } from "./engine/environment.js";
import { removeFolder } from "./engine/folders.js";
import { installation } from "./engine/installation.js";
import { repositoryRoot } from "./engine/paths.js";
import { writeFiles } from "./engine/program.js";

/** What a user's program sees of the packages that only the simulator needs. */
const withOptionalPackages = { NODE_PATH: join(repositoryRoot, "node_modules") };

const consumer = `
import { DigiCertProvider, DigiCertReissue, getOrder, getOrderOutput, type Order } from "pulumi-digicert";
import { makeKeyAndCsr, startSimulator, type Fault, type OrderView, type Simulator } from "pulumi-digicert/simulator";

export async function play(): Promise<OrderView> {
    const simulator: Simulator = await startSimulator({ policy: { approval: "auto" } });
    const rules: Fault[] = [{ kind: "lost-answer" }, { kind: "slow-headers", ms: 1 }];
    for (const rule of rules) simulator.fault({ ...rule, method: "POST", nth: 2 });
    const { csrPem: csr } = await makeKeyAndCsr({ commonName: "shop.example" });
    const { orderId } = await simulator.seedOrder({ csr, signatureHash: "sha384", product: { name_id: "ssl_basic" } });
    const { commonName, dnsNames }: Order = await getOrder({ orderId });
    new DigiCertReissue("a", { orderId, certificate: { commonName, dnsNames, csr } });
    const order = getOrderOutput({ orderId }, { provider: new DigiCertProvider("eu", { apiKey: "key" }) });
    new DigiCertReissue("b", {
        orderId: order.orderId,
        certificate: { commonName: order.commonName, dnsNames: order.dnsNames, csr },
    });
    return simulator.order(orderId);
}
// @ts-expect-error there is no such kind
export const noFault: Fault = { kind: "slow", ms: 1 };
// @ts-expect-error what it is made of is its own
export const parts = (simulator: Simulator) => simulator.parts;
// @ts-expect-error an order is read by its id
export const none = getOrder({ order: 1 });
`;

describe("the entries of the packed package", function () {
    this.timeout(180_000);
    let folder: string;

    before(async () => {
        folder = await installation();
    });

    /** Runs a script beside the installed package; what it prints. */
    async function print(script: string, env: Record<string, string> = {}): Promise<string> {
        const options = { cwd: folder, env: cleanEnvironment(env), timeoutMs: 60_000 };
        const { exitCode, output, stdout } = await run(process.execPath, ["-e", script], options);
        assert.equal(exitCode, 0, output);
        return stdout.trim();
    }

    it("say what the simulator needs, which nobody else has to install", async () => {
        const said = await print(
            `try { require("pulumi-digicert/simulator") } catch (error) { console.log(error.message) }`,
        );
        assert.match(
            said,
            /^Loading pulumi-digicert\/simulator: it needs '@peculiar\/x509', 'find-my-way', 'reflect-metadata', which are not installed; run npm install --save-dev "@peculiar\/x509@\^2\.\S+" "find-my-way@\^9\.\S+" "reflect-metadata@\^0\.2\.\S+"$/,
        );
    });

    it("load the HTTP client when the first order is read, and let the process end", async () => {
        const script = `
            const { startSimulator } = require("pulumi-digicert/simulator");
            const loads = () => Object.keys(require.cache).some((path) => /node_modules.undici./.test(path));
            async function main() {
                const simulator = await startSimulator();
                const { orderId } = await simulator.seedOrder();
                Object.assign(process.env, simulator.env);
                const { getOrder } = require("pulumi-digicert");
                const before = loads();
                const { status } = await getOrder({ orderId });
                console.log(before, status, loads());
                await simulator.close();
            }
            main();`;
        assert.equal(await print(script, withOptionalPackages), "false issued true");
    });

    it("have types that are complete, and need no others to be installed", async () => {
        const program = mkdtempSync(join(folder, "types-"));
        writeFiles(program, {
            "index.ts": consumer,
            "tsconfig.json": JSON.stringify({
                compilerOptions: {
                    strict: true,
                    exactOptionalPropertyTypes: true,
                    noUncheckedIndexedAccess: true,
                    target: "ES2022",
                    lib: ["ES2023"],
                    types: [],
                    module: "node16",
                    moduleResolution: "node16",
                    noEmit: true,
                    skipLibCheck: false,
                },
                files: ["index.ts"],
            }),
        });
        const compiler = join(folder, "node_modules", "typescript", "bin", "tsc");
        const files = [compiler, "-p", program, "--listFiles"];
        const { exitCode, stdout } = await run(process.execPath, files, { cwd: folder });
        assert.equal(exitCode, 0, stdout);
        const lines = stdout
            .split("\n")
            .filter((line) => /[\\/]node_modules[\\/](@peculiar|find-my-way|zod|undici)[\\/]/.test(line));
        assert.deepEqual(lines, [], "types of what is inside");
        removeFolder(program);
    });

    it("tells how much is packed", () => {
        const root = join(folder, "node_modules", "pulumi-digicert");
        const sizes = readdirSync(root, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name))
            .filter((path) => !path.slice(root.length).includes("node_modules"))
            .map((path) => ({ isSimulator: path.includes(join("dist", "test")), size: statSync(path).size }));
        const sum = (ones: { size: number }[]) => ones.reduce((total, { size }) => total + size, 0);
        const simulator = sum(sizes.filter(({ isSimulator }) => isSimulator));
        const rest = sum(sizes.filter(({ isSimulator }) => !isSimulator));
        console.log(`      unpacked: ${rest} bytes, and ${simulator} of the simulator`);
        assert.ok(simulator > 0 && rest > 0);
    });
});
