import assert from "node:assert/strict";
import { inputsOf as recordedInputs, type ReissueInputs } from "../../provider/core/reissue/state.js";
import { requestName, type Props, type Recorded } from "../drivers/driver.js";
import { inProcess } from "../drivers/inProcess.js";
import { REPEATABLE, SITUATIONS, type Situation } from "../drivers/situations.js";
import { Stage } from "../drivers/stage.js";
import { MovedClock } from "../engine/movedClock.js";
import type { Files } from "../engine/program.js";
import { requireCli, requireYaml } from "../engine/requireCli.js";
import { newStack, type RunResult, type Stack } from "../engine/stack.js";
import type { StateResource } from "../engine/state.js";
import { makeKeyAndCsr, startSimulator, type KeyAndCsr, type Simulator } from "../../simulator/index.js";
import { recordedReleases, recordedStates } from "../upgrade/releases.js";
import { inputsOf, nodeFiles, yamlProgram } from "./programs.js";

const DOORS = {
    dynamic: {
        type: "pulumi-nodejs:dynamic/digicert:Reissue",
        classes:
            'const { DigiCertReissue: Reissue, DigiCertProvider: Provider, DigiCertValidation: Validation } = require("pulumi-digicert");',
    },
    plugin: {
        type: "digicert:index:Reissue",
        classes: 'const { Reissue, Provider, Validation } = require("pulumi-digicert/plugin");',
    },
} as const;
type DoorName = keyof typeof DOORS;

/** Where a resource stands in the program. */
const PLACES = ["alone", "in a component", "with an explicit provider"] as const;
type Place = (typeof PLACES)[number];

/** A resource of the program. */
interface Row {
    readonly name: string;
    readonly place: Place;
    readonly args: Props;
}

/** The same resources through one door or the other, and the validation of one of them. */
function program(door: DoorName, rows: readonly Row[], validated = ""): Files {
    return nodeFiles(`
        const pulumi = require("@pulumi/pulumi");
        ${DOORS[door].classes}
        const { DIGICERT_API_KEY: apiKey, DIGICERT_BASE_URL: baseUrl } = process.env;
        const parent = new pulumi.ComponentResource("test:index:Site", "site");
        const provider = new Provider("own", { apiKey, baseUrl, pollSeconds: 0.05, settleSeconds: 0.3 });
        const options = { "alone": {}, "in a component": { parent }, "with an explicit provider": { provider } };
        for (const { name, place, args } of ${JSON.stringify(rows)}) {
            const reissue = new Reissue(name, args, options[place]);
            if (name === "${validated}") new Validation("validation", { reissue }, options[place]);
        }`);
}

/** Checks that each reissue is the same one as before, whatever was done to it. */
function assertNoneIsNew({ steps, output }: RunResult): void {
    const others = steps.filter(
        ({ type, op }) => /:(Reissue|Validation)$/.test(type) && op !== "same" && op !== "update",
    );
    assert.deepEqual(others, [], output);
}

describe("a stack that moves between the dynamic resource and the plugin, with the real CLI,", function () {
    this.timeout(300_000);
    let simulator: Simulator;
    let key: KeyAndCsr;

    before(async function () {
        await requireCli(this);
        simulator = await startSimulator();
        key = await makeKeyAndCsr({ commonName: "shop.example" });
    });
    after(() => (simulator as Simulator | undefined)?.close());

    async function order(approval: "auto" | "required"): Promise<number> {
        return (await simulator.seedOrder({ commonName: "shop.example", policy: { approval } })).orderId;
    }

    it("costs no POST there and back: alone, in a component, with an explicit provider, and while it is pending", async () => {
        const row = (name: string, place: Place, orderId: number): Row => {
            return { name, place, args: inputsOf({ orderId, csr: key.csrPem }) };
        };
        const open = await order("required");
        const inner = "inner";
        const rows = [
            row("open", "alone", open),
            row(inner, "in a component", await order("auto")),
            row("elsewhere", "with an explicit provider", await order("auto")),
        ];
        const env = { ...simulator.env, DIGICERT_POLL_SECONDS: "0.2" };
        const stack = await newStack({ program: { files: program("dynamic", rows, inner) }, env });
        try {
            await stack.up();
            const before = rows.map(({ name }) => stack.resource(name).outputs.status);
            assert.deepEqual(before, ["pending_approval", "issued", "issued"]);
            for (const door of ["plugin", "dynamic"] as const) {
                stack.write(program(door, rows, inner));
                simulator.clearRequests();
                const run = await stack.up();
                assertNoneIsNew(run);
                assert.deepEqual([...new Set(simulator.requests.map(({ method }) => method))], ["GET"]);
                const read = simulator.requests.flatMap(({ pathname }) => orderIn(pathname));
                assert.deepEqual([...new Set(read)], [String(open)]);
                for (const { name } of rows) assert.equal(stack.resource(name).type, DOORS[door].type);
                const validation = DOORS[door].type.replace("Reissue", "Validation");
                assert.equal(stack.resource("validation").type, validation);
            }
            assert.deepEqual(
                rows.map(({ name }) => stack.resource(name).outputs.status),
                before,
            );
        } finally {
            await stack.dispose();
        }
    });

    it("moves to a YAML program, by the alias in the schema, without a request", async function () {
        requireYaml(this);
        const orderId = await order("auto");
        const wanted = { orderId, csr: key.csrPem };
        const dynamic = nodeFiles(`${DOORS.dynamic.classes}
            new Reissue("shop", ${JSON.stringify(inputsOf(wanted))});`);
        const moving = await newStack({ program: { files: dynamic }, env: simulator.env });
        try {
            await moving.up();
            const { serialNumber } = simulator.order(orderId).current;
            moving.write(yamlProgram(wanted));
            simulator.clearRequests();
            const run = await moving.up();
            assertNoneIsNew(run);
            assert.deepEqual(simulator.requests, [], run.output);
            const { type, outputs } = moving.resource("shop");
            assert.deepEqual([type, outputs.serialNumber], [DOORS.plugin.type, serialNumber]);
        } finally {
            await moving.dispose();
        }
    });
});

/** The order that a request is about. */
function orderIn(pathname: string): string[] {
    const [, id] = /\/order\/certificate\/(\d+)/.exec(pathname) ?? [];
    return id === undefined ? [] : [id];
}

/** A resource of the large stack. */
interface MovingRow extends Row {
    readonly situation: string;
    readonly isOpen: boolean;
    readonly recorded: Pick<Recorded, "id" | "inputs" | "outputs" | "initErrors">;
}

/** The reissue's answer was lost, and it was found by nobody yet. */
const LOST: Situation = {
    isOpen: true,
    make: async (stage, more) => {
        stage.loseNextPost("lost-answer");
        const args = stage.shop(more);
        await stage.stack.up(args);
        stage.simulator.clearFaults();
        return args;
    },
};

/** How many resources are in which situation; with those of the releases they are a hundred. */
const COUNTS: Readonly<Record<string, number>> = {
    "is issued": 46,
    "was adopted": 10,
    "waits for an approver": 10,
    "waits for a validation": 10,
    "was not issued in time": 6,
    "was rejected": 4,
    "is on an order that was revoked": 4,
    "was lost": 6,
};

describe("a hundred resources in all situations, and of all releases, that move between the doors, with the real CLI @long", function () {
    this.timeout(600_000);
    const clock = new MovedClock();
    let stage: Stage;
    let stack: Stack;
    const rows: MovingRow[] = [];

    before(async function () {
        await requireCli(this);
        this.timeout(600_000);
        const at = new Date(Math.max(...recordedReleases().map((one) => Date.parse(recordedStates(one).at))));
        stage = await Stage.open(inProcess, { clock: () => at });
        await addReleases();
        for (const [situation, count] of Object.entries(COUNTS))
            for (let index = 0; index < count; index++) await addRow(situation, index);
        stack = await openStack();
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (stage as Stage | undefined)?.close();
        clock.dispose();
    });

    const modelOf = (place: Place) => `model-${place.replaceAll(" ", "-")}`;
    const placeOf = (index: number): Place => PLACES[(index % 5) - 2] ?? "alone";

    /** What the releases recorded; no other resource has one of their orders. */
    async function addReleases(): Promise<void> {
        for (const release of recordedReleases()) {
            for (const { name, id, inputs, outputs } of recordedStates(release).resources) {
                while ((await stage.order()) < Number(id));
                const isOpen = outputs.asked !== undefined;
                const args = recordedInputs(inputs as unknown as ReissueInputs);
                rows.push({
                    name: `${release}-${name}`,
                    place: "alone",
                    // The order here shows no request like the recorded one, so it is waited for.
                    args: { ...args, ...(isOpen && { issuanceTimeoutSeconds: 1 }) },
                    situation: `was recorded by ${release}`,
                    isOpen,
                    recorded: { id, inputs, outputs: outputs as Recorded["outputs"], initErrors: [] },
                });
            }
        }
    }

    /** Makes a state in this process and in virtual time. */
    async function addRow(situation: string, index: number): Promise<void> {
        const { make, isOpen = false } = SITUATIONS[situation] ?? LOST;
        const place = placeOf(index);
        const name = `${situation.replaceAll(" ", "-")}-${index}`;
        stage.stack = stage.newStack();
        await stage.useOrder({});
        const around = place === "in a component" ? "test:index:Site::" : "";
        const { identity, ...args } = await make(stage, { identity: `test/dev/${around}${name}` });
        assert.ok(identity);
        rows.push({ name, place, args, situation, isOpen, recorded: stage.recorded });
    }

    /** A stack with all of the states. Of each place the real engine makes one resource, and the others are like it. */
    async function openStack(): Promise<Stack> {
        const models = new Map<Place, Row>();
        for (const place of PLACES) {
            const args = stage.shop({ orderId: await stage.order() });
            models.set(place, { name: modelOf(place), place, args });
        }
        clock.set(stage.simulator.now());
        const one = await newStack({
            program: { files: program("dynamic", [...models.values()]) },
            env: {
                ...stage.simulator.env,
                ...clock.env,
                DIGICERT_POLL_SECONDS: "0.05",
                DIGICERT_SETTLE_SECONDS: "0.3",
                // The state is written at the end of a run, and not after each of its steps.
                PULUMI_EXPERIMENTAL: "true",
                PULUMI_SKIP_CHECKPOINTS: "true",
            },
        });
        await one.up({ timeoutMs: 500_000 });
        one.change((resources) => {
            const isModel = ({ urn }: StateResource) => urn.includes("::model-");
            const made = rows.map(({ name, place, recorded }): StateResource => {
                const like = resources.find(({ urn }) => urn.endsWith(`::${modelOf(place)}`));
                assert.ok(like, place);
                const { __provider } = like.inputs;
                return {
                    ...like,
                    urn: like.urn.replace(modelOf(place), name),
                    id: recorded.id,
                    inputs: { __provider, ...recorded.inputs },
                    outputs: { __provider, ...recorded.outputs },
                    initErrors: recorded.initErrors,
                };
            });
            return [...resources.filter((one) => !isModel(one)), ...made];
        });
        return one;
    }

    const statuses = () =>
        Object.fromEntries(rows.map(({ name }) => [name, stack.resource(name).outputs.status]));
    const made = () => stage.simulator.orders().map(({ certificates }) => certificates.length);

    /** Moves the stack: no POST, and no request but for what is open. */
    async function move(door: DoorName, open: readonly MovingRow[]): Promise<void> {
        const { simulator } = stage;
        const before = made();
        clock.set(simulator.now());
        stack.write(program(door, rows));
        simulator.clearRequests();
        const run = await stack.up({
            args: ["--continue-on-error"],
            expectFailure: true,
            timeoutMs: 500_000,
        });
        assertNoneIsNew(run);
        const changing = simulator.requests.filter(({ method }) => method !== "GET").map(requestName);
        assert.deepEqual(
            changing.filter((one) => !REPEATABLE.includes(one)),
            [],
        );
        const read = [...new Set(simulator.requests.flatMap(({ pathname }) => orderIn(pathname)))];
        assert.deepEqual(read.sort(), open.map(({ recorded }) => recorded.id).sort());
        assert.deepEqual(made(), before);
        for (const { name, situation } of rows)
            assert.equal(stack.resource(name).type, DOORS[door].type, `${situation}: ${run.output}`);
    }

    it("cost no POST there and back, and no request but for what is open", async () => {
        assert.equal(rows.length, 100);
        const expected = statuses();
        const open = rows.filter(({ isOpen }) => isOpen);
        await move("plugin", open);
        const isLost = ({ situation }: MovingRow) => situation === "was lost";
        for (const { name } of open.filter(isLost)) expected[name] = "issued";
        // The order here has no request like the one that the release waits for.
        for (const { name } of open.filter(({ situation }) => situation.startsWith("was recorded by")))
            expected[name] = "pending_issuance";
        assert.deepEqual(statuses(), expected);
        await move(
            "dynamic",
            open.filter((row) => !isLost(row)),
        );
        assert.deepEqual(statuses(), expected);
    });
});
