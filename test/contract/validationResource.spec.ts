/** The contract: what `DigiCertValidation` does, row by row. */
import assert from "node:assert/strict";
import { makeCertificateReissueId } from "../../provider/core/reissue/reissueId.js";
import { makeKeyAndCsr, startSimulator, type OrderSeed, type Simulator } from "../../simulator/index.js";
import { CHECK, DOWNLOAD, LIST, ORDER, POST, to } from "../drivers/requests.js";
import { PLAN_END, START } from "../drivers/stage.js";
import type { Props } from "../drivers/driver.js";
import { SharedPlugin } from "../drivers/plugin.js";
import { ValidatedStack, type ValidatedOptions, type ValidatedRun } from "../drivers/validation.js";

const DAY = 86_400_000;
const dv = { name_id: "ssl_dv_geotrust", validation_type: "dv" };

const plugin = new SharedPlugin();
after(() => {
    plugin.close();
});

describe("contract: DigiCertValidation", () => {
    contract({});
});

describe("contract: Validation, through the plugin @long", () => {
    contract({ isPlugin: true, open: plugin.open.bind(plugin) });
});

/** @param door - the door, as an option of each stack */
function contract(door: ValidatedOptions): void {
    let simulator: Simulator;
    let orderId: number;
    let csrs: [string, string];
    let stack: ValidatedStack;

    before(async () => {
        const make = async () => (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
        csrs = [await make(), await make()];
    });
    beforeEach(async () => {
        simulator = await startSimulator({ clock: () => START, policy: { pollsDcv: false } });
        await begin();
    });
    afterEach(() => simulator.close());

    /** A DV order whose reissues need no approver, and an empty stack. */
    async function begin({ policy, ...seed }: OrderSeed = {}, options: ValidatedOptions = {}): Promise<void> {
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            orderValidTill: PLAN_END,
            product: dv,
            ...seed,
            policy: { approval: "none", pollsDcv: false, ...policy },
        }));
        stack = new ValidatedStack(simulator, { ...door, ...options });
    }

    /** The program of the contract. */
    function program({ certificate, ...more }: Props = {}): Props {
        return {
            orderId,
            certificate: { commonName: "shop.example", csr: csrs[0], ...(certificate as Props | undefined) },
            dcvMethod: "dns-txt-token",
            skipApproval: true,
            allowPendingOutputs: true,
            ...more,
        };
    }

    const rotated = (more: Props = {}) => program({ ...more, certificate: { csr: csrs[1] } });
    /** Not narrowed by earlier assertions. */
    const outputs = () => stack.handed;
    const live = () => simulator.order(orderId);
    const checks = ({ requests }: ValidatedRun) => requests.filter((request) => request === CHECK).length;
    const times = ({ recorded }: ValidatedRun) =>
        recorded.filter(({ pathname }) => pathname.endsWith("/check-dcv")).map(({ at }) => at.getTime());

    async function issued(args: Props = program()): Promise<ValidatedRun> {
        const run = await stack.up(args);
        assert.equal(run.failure, undefined);
        assert.equal(stack.handed?.status, "issued");
        return run;
    }

    it("validates a new reissue in the same up, with one POST, and hands its certificate on", async () => {
        const run = await issued();
        assert.deepEqual(
            [run.posts, run.reissue, run.validation, run.writtenRecords],
            [1, "create", "create", 1],
        );
        assert.equal(stack.state.status, "pending_issuance");
        // Nobody has to do anything.
        assert.match(run.text, /waits for domain validation.*dcvRandomValue/);
        assert.doesNotMatch(run.text, /warning: |run `pulumi up` again/);
        assert.deepEqual(
            [stack.handed?.certificateId, stack.handed?.certificatePem],
            [live().current.certificateId, live().current.pem],
        );
        // DigiCert is asked to check at once, and then the order and its certificate are read.
        assert.deepEqual(run.ofValidation, [ORDER, LIST, CHECK, ORDER, DOWNLOAD]);
    });

    it("makes no request in the next up, which reads only, and in the one after that nothing does", async () => {
        await issued();
        const { handed } = stack;
        const next = await stack.up(program());
        assert.deepEqual(
            [next.failure, next.posts, next.reissue, next.validation, next.writtenRecords],
            [undefined, 0, "update", "nothing", 0],
        );
        assert.deepEqual(next.ofValidation, []);
        assert.ok(
            next.requests.every((request) => request.startsWith("GET ")),
            next.requests.join(),
        );
        assert.deepEqual([stack.state.status, stack.handed], ["issued", handed]);
        const third = await stack.up(program());
        assert.deepEqual([third.requests, third.reissue, third.validation], [[], "nothing", "nothing"]);
    });

    it("hands on each certificate once when a key is rotated, with one POST and a new record", async () => {
        await issued();
        const first = stack.handed?.certificateId;
        const run = await stack.up(rotated());
        assert.deepEqual(
            [run.failure, run.posts, run.validation, run.writtenRecords],
            [undefined, 1, "update", 1],
        );
        assert.notEqual(stack.handed?.certificateId, first);
        const next = await stack.up(rotated());
        assert.deepEqual([next.failure, next.posts, next.validation], [undefined, 0, "nothing"]);
    });

    it("reissues, validates and hands on a certificate that is due", async () => {
        await issued();
        await stack.up(program());
        simulator.advance(175 * DAY);
        const run = await stack.up(program());
        assert.deepEqual([run.failure, run.posts, run.validation], [undefined, 1, "update"]);
        assert.equal(stack.handed?.certificateId, live().current.certificateId);
    });

    it("reads the order and downloads, no more, where the reissue is issued already", async () => {
        await begin({ policy: { domains: "validated" } });
        const run = await issued();
        assert.equal(stack.state.status, "issued");
        assert.deepEqual(run.ofValidation, [ORDER, DOWNLOAD]);
    });

    it("has DigiCert check with pauses that grow from 5 s to 60 s until the record is seen", async () => {
        simulator = await replace({ propagationMs: 9 * 60_000 });
        const run = await issued();
        const at = times(run);
        const pauses = at.slice(1).map((time, index) => (time - (at[index] ?? 0)) / 1000);
        assert.equal(pauses[0], 5);
        assert.ok(pauses.length >= 8, pauses.join());
        for (const [index, pause] of pauses.entries()) {
            assert.ok(pause <= 60 && (index === 0 || pause >= (pauses[index - 1] ?? 0)), pauses.join());
        }
        assert.equal(Math.max(...pauses), 60);
        const looks = run.ofValidation.filter((request) => request === ORDER).length;
        assert.ok(looks > 30, `${looks} looks in between, as pollSeconds says`);
    });

    it("takes a record that is not seen for no error: one line names it, once per change and once a minute", async () => {
        simulator = await replace({ propagationMs: 150_000 });
        const run = await issued();
        const lines = run.lines.filter((line) => line.includes("does not see"));
        assert.ok(lines.length >= 2 && lines.length <= 4, run.text);
        for (const line of lines) assert.match(line, /TXT _dnsauth\.shop\.example/);
    });

    for (const dcvFailure of ["error", "names", "mixed"] as const) {
        it(`names exactly the records that are not seen, however DigiCert says so: ${dcvFailure}`, async () => {
            const dnsNames = ["shop.example", "www.shop.example", "*.lab.example"];
            await begin({ dnsNames, policy: { dcvFailure } });
            const args = program({ certificate: { dnsNames } });
            const run = await stack.up(args, { issuanceTimeoutSeconds: 30 });
            assert.match(run.failure ?? "", /TXT _dnsauth\.lab\.example/);
            assert.equal(run.text.includes("see TXT _dnsauth.shop.example, TXT"), dcvFailure === "error");
            assert.doesNotMatch(run.failure ?? "", /_dnsauth\.www\./);
        });
    }

    const missing = { errors: [{ code: "invalid_dns_txt", message: "Not found." }] };
    const listed = (name: string, status: string) => ({ dns_name: name, status });
    const pending = (...names: object[]) => ({ order_status: "pending", dns_name_validations: names });
    for (const [how, answers, unseen] of [
        [
            "a 400 after an answer without a list",
            [
                [200, { order_status: "pending" }],
                [400, missing],
            ],
            "both",
        ],
        [
            "a 400 after an empty list",
            [
                [200, pending()],
                [400, missing],
            ],
            "both",
        ],
        [
            "a 400 after a list of one name",
            [
                [200, pending(listed("www.shop.example", "approved"))],
                [400, missing],
            ],
            "lab",
        ],
        [
            "a 400 with a list",
            [
                [
                    400,
                    {
                        ...missing,
                        ...pending(listed("shop.example", "approved"), listed("*.lab.example", "pending")),
                    },
                ],
            ],
            "lab",
        ],
        [
            "a word with capitals",
            [[200, pending(listed("shop.example", "APPROVED"), listed("lab.example", "Pending"))]],
            "lab",
        ],
        ["a status without a list", [[200, { order_status: "pending", dcv_status: "pending" }]], "both"],
        [
            "another status without a list",
            [[200, { order_status: "pending", dcv_status: "invalid" }]],
            "both",
        ],
        ["another code", [[400, { errors: [{ code: "dns_txt_not_found", message: "Not found." }] }]], "both"],
        ["an unknown code", [[400, { errors: [{ code: "dcv_failed", message: "Not found." }] }]], "both"],
    ] as const) {
        it(`names the records that are not seen, where DigiCert answers with ${how}`, async () => {
            const dnsNames = ["shop.example", "*.lab.example"];
            await begin({ dnsNames }, { publishes: false });
            for (const [index, [status, body]] of answers.entries()) {
                const times = index === answers.length - 1 ? Infinity : 1;
                simulator.fault({ ...to(CHECK), times, kind: "respond", status, body });
            }
            const run = await stack.up(program({ certificate: { dnsNames } }), {
                issuanceTimeoutSeconds: 30,
            });
            const places =
                unseen === "both"
                    ? "TXT _dnsauth.shop.example, TXT _dnsauth.lab.example"
                    : "TXT _dnsauth.lab.example";
            assert.ok(run.failure?.includes(`DigiCert does not see ${places}. `), run.failure);
        });
    }

    it("pauses longer between the checks while they fail, too", async () => {
        await begin({}, { publishes: false });
        simulator.fault({ ...to(CHECK), times: Infinity, kind: "respond", status: 200, body: [] });
        const run = await stack.up(program(), { issuanceTimeoutSeconds: 60 });
        assert.deepEqual(
            times(run).map((time) => Math.floor((time - START.getTime()) / 1000)),
            [0, 5, 12, 23, 40],
        );
    });

    it("fails where it is not issued in time, and the next up goes on without a POST", async () => {
        await begin({}, { publishes: false });
        const run = await stack.up(program(), { issuanceTimeoutSeconds: 120 });
        assert.equal(run.posts, 1);
        assert.match(
            run.failure ?? "",
            /not issued within 120 s.*TXT _dnsauth\.shop\.example.*ERR_DIGICERT_PENDING/s,
        );
        simulator.publishDcv(orderId);
        const next = await stack.up(program(), { issuanceTimeoutSeconds: 120 });
        assert.deepEqual([next.failure, next.posts, stack.handed?.status], [undefined, 0, "issued"]);
    });

    it("keeps its certificate in an update that is not issued in time", async () => {
        await issued();
        const { handed } = stack;
        simulator.fault({ ...to(CHECK), times: Infinity, kind: "html", status: 503 });
        const run = await stack.up(program({ triggers: { v: "2" } }), { issuanceTimeoutSeconds: 60 });
        assert.match(run.failure ?? "", /not issued within 60 s/);
        assert.deepEqual(stack.handed, handed);
        simulator.clearFaults();
        const next = await stack.up(program({ triggers: { v: "2" } }), { issuanceTimeoutSeconds: 60 });
        assert.deepEqual([next.failure, next.posts], [undefined, 0]);
        assert.notEqual(outputs()?.certificateId, handed?.certificateId);
    });

    describe("while an approver is needed", () => {
        beforeEach(() => begin({ policy: { approval: "required" } }));
        const needsApproval = (more: Props = {}) => program({ skipApproval: false, ...more });

        it("keeps what it has and succeeds with status pending_approval", async () => {
            await issued(program());
            const { handed } = stack;
            const run = await stack.up(needsApproval({ triggers: { v: "2" } }));
            assert.deepEqual([run.failure, run.posts], [undefined, 1]);
            assert.deepEqual(
                [stack.handed?.status, stack.handed?.certificateId, stack.handed?.certificatePem],
                ["pending_approval", handed?.certificateId, handed?.certificatePem],
            );
            assert.match(run.text, /waits for an approver/);
        });

        it("fails in a create, which has nothing to hand on, unless allowPendingOutputs", async () => {
            const run = await stack.up(needsApproval());
            assert.match(run.failure ?? "", /approver.*allowPendingOutputs/s);
            assert.equal(stack.handed, undefined);
            const allowed = await stack.up(needsApproval(), { allowPendingOutputs: true });
            assert.deepEqual([allowed.failure, allowed.posts], [undefined, 0]);
            assert.deepEqual([outputs()?.status, outputs()?.certificatePem], ["pending_approval", undefined]);
        });

        it("fails for another key, whose dependents would be handed nothing, unless allowPendingOutputs", async () => {
            await issued(program());
            const { handed } = stack;
            const run = await stack.up(rotated({ skipApproval: false }));
            assert.match(run.failure ?? "", /no certificate with this key/);
            assert.deepEqual(stack.handed, handed);
            const allowed = await stack.up(rotated({ skipApproval: false }), { allowPendingOutputs: true });
            assert.equal(allowed.failure, undefined);
            assert.equal(stack.handed?.certificatePem, undefined);
        });

        it("goes on in the up after the approval, which asks for the token", async () => {
            await stack.up(needsApproval());
            const [requestId] = stack.state.requestIds;
            await simulator.approve(requestId ?? 0);
            const run = await stack.up(needsApproval());
            assert.deepEqual([run.failure, run.posts, stack.handed?.status], [undefined, 0, "issued"]);
        });

        it("is waited for with waitForApproval", async () => {
            stack = new ValidatedStack(simulator, {
                ...door,
                sleep: async (ms) => {
                    simulator.advance(ms);
                    if (simulator.now().getTime() - START.getTime() < 300_000) return;
                    const [open] = live().requests.filter(({ status }) => status === "pending");
                    if (open) await simulator.approve(open.requestId);
                    simulator.publishDcv(orderId);
                },
            });
            const run = await stack.up(needsApproval(), { waitForApproval: true });
            assert.deepEqual([run.failure, stack.handed?.status], [undefined, "issued"]);
        });

        it("fails below failDaysRemaining, which counts the certificate that it hands on", async () => {
            await issued(program());
            simulator.advance(100 * DAY);
            const args = needsApproval({ triggers: { v: "2" }, failDaysRemaining: -1 });
            const run = await stack.up(args, { failDaysRemaining: 120 });
            assert.match(run.failure ?? "", /ERR_DIGICERT_EXPIRING/);
            assert.equal((await stack.up(args, { failDaysRemaining: 5 })).failure, undefined);
        });
    });

    it("fails an unchanged up where the certificate that it hands on is about to expire", async () => {
        await issued();
        await stack.up(program());
        simulator.advance(190 * DAY);
        const quiet = program({ minDaysRemaining: -1, failDaysRemaining: -1 });
        await stack.up(quiet, { failDaysRemaining: -1 });
        const run = await stack.up(quiet, { failDaysRemaining: 15 });
        assert.match(run.failure ?? "", /expires on .*ERR_DIGICERT_EXPIRING/s);
        assert.deepEqual(run.requests, []);
    });

    it("fails where the reissue is rejected, says who and why, and keeps its state", async () => {
        await begin({ policy: { approval: "required" } });
        await issued(program());
        const { handed } = stack;
        const waiting = program({ skipApproval: false, triggers: { v: "2" } });
        const held = simulator.hold({ at: "arrival", ...to(ORDER), nth: 3 });
        const running = stack.up(waiting, { waitForApproval: true });
        await Promise.race([held.there, running]);
        const [open] = live().requests.filter(({ status }) => status === "pending");
        await simulator.reject(open?.requestId ?? 0, "not this month");
        held.release();
        const run = await running;
        assert.match(run.failure ?? "", /rejected or cancelled.*not this month.*ERR_DIGICERT_REJECTED/s);
        assert.deepEqual(stack.handed, handed);
    });

    for (const status of ["canceled", "revoked"] as const) {
        it(`fails at once where the order is ${status}, says so, and names the order that renewed it`, async () => {
            await begin({ renewedOrderId: 445566 }, { publishes: false });
            await stack.up(program(), { issuanceTimeoutSeconds: 1 });
            simulator.policy(orderId, { orderStatus: status });
            const run = await stack.up(program());
            assert.match(
                run.failure ?? "",
                new RegExp(`The order is ${status}\\. .*order 445566 renewed it.*ERR_DIGICERT_REJECTED`),
            );
            assert.deepEqual([run.posts, run.ofValidation], [0, [ORDER, LIST, CHECK]]);
        });

        it(`says that the order is ${status} where its reissue ended with it`, async () => {
            await begin({}, { publishes: false });
            const held = simulator.hold({ at: "arrival", ...to(CHECK) });
            const running = stack.up(program());
            await Promise.race([held.there, running]);
            simulator.cancelOrder(orderId, status);
            held.release();
            const run = await running;
            assert.match(run.failure ?? "", new RegExp(`rejected or cancelled\\. The order is ${status}\\.`));
            assert.doesNotMatch(run.failure ?? "", /triggers/);
        });
    }

    it("fails where the certificate was revoked as soon as it was issued", async () => {
        const held = simulator.hold({ at: "arrival", ...to(CHECK) });
        const running = stack.up(program());
        await Promise.race([held.there, running]);
        await simulator.issue(orderId);
        simulator.revoke(live().current.certificateId);
        held.release();
        const run = await running;
        assert.match(run.failure ?? "", /has been revoked since.*ERR_DIGICERT_REJECTED/s);
    });

    it("waits without checking where DigiCert validates by e-mail", async () => {
        await begin({}, { publishes: false, sleep: issueAfter(20_000) });
        const run = await stack.up(program({ dcvMethod: "email" }));
        assert.deepEqual([run.failure, stack.handed?.status, checks(run)], [undefined, "issued", 0]);
    });

    it("stops checking where DigiCert says that the method has no token", async () => {
        await begin({ policy: { dcvMethod: "email" } }, { publishes: false, sleep: issueAfter(60_000) });
        const run = await stack.up(program({ dcvMethod: undefined, issuanceTimeoutSeconds: 0 }));
        assert.deepEqual([run.failure, stack.handed?.status, checks(run)], [undefined, "issued", 1]);
    });

    for (const [method, place] of [
        ["dns-cname-token", "CNAME _dnsauth.shop.example"],
        ["http-token", "http://shop.example/.well-known/pki-validation/fileauth.txt"],
    ] as const) {
        it(`names the place of ${method} that is not seen`, async () => {
            await begin({}, { publishes: false });
            const run = await stack.up(program({ dcvMethod: method }), { issuanceTimeoutSeconds: 10 });
            assert.ok(run.failure?.includes(place), run.failure);
        });
    }

    it("takes an outage of the check, and a key that may not check, for a delay", async () => {
        simulator.fault({ ...to(CHECK), times: 4, kind: "html", status: 503 });
        assert.equal((await stack.up(program())).failure, undefined);
        simulator.fault({
            ...to(CHECK),
            kind: "respond",
            status: 403,
            body: { errors: [{ code: "access_denied", message: "no" }] },
        });
        simulator.policy(orderId, { pollsDcv: true });
        const run = await stack.up(program({ triggers: { v: "2" } }));
        assert.deepEqual([run.failure, checks(run)], [undefined, 1]);
        assert.match(run.text, /own checks are waited for/);
    });

    describe("where another certificate is followed", () => {
        it("hands it on without waiting: DigiCert's auto-reissue, taken over when it is due", async () => {
            await issued();
            await stack.up(program());
            simulator.advance(175 * DAY);
            simulator.policy(orderId, { domains: "validated" });
            simulator.autoReissue(orderId);
            const run = await stack.up(program());
            assert.deepEqual(
                [run.failure, run.posts, run.validation, checks(run)],
                [undefined, 0, "update", 0],
            );
            assert.equal(stack.handed?.certificateId, live().current.certificateId);
        });

        it("does not wait for one that the order does not show: it fails at once", async () => {
            await issued();
            const reissueId = makeCertificateReissueId(880_099_999);
            const run = await stack.up(program(), { reissueId });
            assert.match(run.failure ?? "", /does not show certificate 880099999/);
            assert.deepEqual(run.ofValidation, [ORDER, LIST]);
        });

        it("has nothing checked where the program returns to the certificate that it hands on already", async () => {
            await issued();
            await stack.up(program());
            const { handed } = stack;
            simulator.policy(orderId, { approval: "required" });
            await stack.up(program({ skipApproval: false, triggers: { v: "2" } }));
            const run = await stack.up(program({ skipApproval: false }));
            assert.deepEqual([run.failure, run.posts], [undefined, 0]);
            assert.ok(!run.ofValidation.includes(CHECK));
            assert.deepEqual(
                [stack.handed?.status, stack.handed?.certificateId],
                ["issued", handed?.certificateId],
            );
        });
    });

    it("reads in a refresh, and follows a newer certificate with the key and the names", async () => {
        await issued();
        await stack.up(program());
        simulator.policy(orderId, { domains: "validated" });
        simulator.autoReissue(orderId);
        const run = await stack.refresh();
        assert.ok(run.requests.every((request) => request.startsWith("GET ")));
        assert.equal(stack.handed?.certificateId, live().current.certificateId);
        const next = await stack.up(program());
        assert.deepEqual([next.failure, next.requests, next.validation], [undefined, [], "nothing"]);
    });

    it("leaves its certificate alone in a refresh where somebody reissued with another key", async () => {
        await issued();
        await stack.up(program());
        const { handed } = stack;
        await simulator.reissueInConsole(orderId);
        await stack.refresh();
        assert.deepEqual(stack.handed, handed);
        simulator.policy(orderId, { omitFromReads: ["csr"] });
        const hidden = await stack.refresh();
        assert.deepEqual([hidden.failure, stack.handed], [undefined, handed], "DigiCert tells no CSR of it");
    });

    for (const [written, method, place] of [
        ["shop.example.", "dns-txt-token", "TXT _dnsauth.shop.example"],
        ["", "dns-txt-token", "TXT _dnsauth.shop.example"],
        ["x\u001b[2J\nnext", "dns-txt-token", '"x next"'],
        ["x\u001b[2J\nnext", "http-token", '"x next"'],
        ["shop.example", "http-token", "http://shop.example/.well-known/pki-validation/fileauth.txt"],
    ] as const) {
        it(`says in one line what DigiCert does not see, of ${method}, where it writes the name as ${JSON.stringify(written)}`, async () => {
            await begin({}, { publishes: false });
            const body = {
                order_status: "reissue_pending",
                dns_name_validations: [{ dns_name: written, status: "pending" }],
            };
            simulator.fault({ ...to(CHECK), times: Infinity, kind: "respond", status: 200, body });
            const run = await stack.up(program({ dcvMethod: method }), { issuanceTimeoutSeconds: 20 });
            assert.match(run.failure ?? "", /^order \d+: the reissue waits .*\(ERR_DIGICERT_PENDING\)$/);
            assert.ok(run.failure?.includes(`DigiCert does not see ${place}.`), run.failure);
            const line = run.lines.find((one) => one.includes("does not see")) ?? "";
            assert.ok(line.includes(`DigiCert does not see ${place} yet`), line);
            assert.doesNotMatch(line, /\p{C}/u);
        });
    }

    it("makes no request when it is deleted", async () => {
        await issued();
        const run = await stack.destroyValidation();
        assert.deepEqual([run.failure, run.requests, run.validation], [undefined, [], "delete"]);
    });

    it("never makes a POST, and does not count as a second resource on the order", async () => {
        const run = await issued();
        assert.ok(!run.ofValidation.includes(POST));
        assert.doesNotMatch(run.text, /used by another resource/);
    });

    it("is replaced where the order changes, and the replacement fails until there is a certificate", async () => {
        await issued();
        await stack.up(program());
        const { handed } = stack;
        const { orderId: renewed } = await simulator.seedOrder({
            commonName: "shop.example",
            orderValidTill: PLAN_END,
            product: dv,
            policy: { approval: "required", pollsDcv: false },
        });
        orderId = renewed;
        const run = await stack.up(program({ skipApproval: false }));
        assert.match(run.failure ?? "", /approver/);
        assert.deepEqual([run.reissue, run.validation, stack.handed], ["replace", "replace", handed]);
        await simulator.approve(stack.state.requestIds[0] ?? 0);
        const next = await stack.up(program({ skipApproval: false }));
        assert.deepEqual([next.failure, next.posts, next.validation], [undefined, 0, "replace"]);
        assert.equal(stack.handed?.certificateId, live().current.certificateId);
    });

    it("goes on where the answer to the POST was lost, with one POST", async () => {
        simulator.fault({ ...to(POST), kind: "lost-answer" });
        const run = await stack.up(program());
        assert.deepEqual([run.failure, run.posts, stack.handed?.status], [undefined, 1, "issued"]);
    });

    it("follows a new token, and the records with it, where the old one has expired", async () => {
        await begin({}, { publishes: false });
        await stack.up(program(), { issuanceTimeoutSeconds: 1 });
        const first = stack.state.dcvRandomValue;
        simulator.advance(31 * DAY);
        const second = await stack.up(program(), { issuanceTimeoutSeconds: 1 });
        assert.deepEqual([second.posts, stack.state.dcvRandomValue === first], [0, false]);
        simulator.publish("_dnsauth.shop.example", "TXT", stack.state.dcvRandomValue ?? "");
        const third = await stack.up(program(), { issuanceTimeoutSeconds: 60 });
        assert.deepEqual([third.failure, third.posts, stack.handed?.status], [undefined, 0, "issued"]);
    });

    it("is good for OV orders whose validation is older than DigiCert may reuse", async () => {
        await begin({
            product: { name_id: "ssl_plus", validation_type: "ov" },
            policy: { validationReuseDays: 10 },
        });
        await issued();
        simulator.advance(11 * DAY);
        const run = await stack.up(program({ triggers: { v: "2" } }));
        assert.deepEqual([run.failure, run.posts, checks(run)], [undefined, 1, 1]);
    });

    it("refuses inputs that are none, in preview", async () => {
        const wrong: [Props, RegExp][] = [
            [{ reissueId: "nothing" }, /reissueId.*pass that one on/],
            [{ issuanceTimeoutSeconds: -1 }, /issuanceTimeoutSeconds/],
            [{ isuanceTimeoutSeconds: 5 }, /isuanceTimeoutSeconds.*issuanceTimeoutSeconds/],
            [{ orderId: 0 }, /orderId/],
        ];
        for (const [args, expected] of wrong) {
            const run = await stack.up(program({ orderId }), args);
            assert.match(run.failure ?? "", expected);
            assert.deepEqual([run.validation, run.ofValidation], ["refused", []]);
        }
    });

    /** A simulator in place of the present one, with its order. */
    async function replace(options: { propagationMs: number }): Promise<Simulator> {
        await simulator.close();
        simulator = await startSimulator({ clock: () => START, policy: { pollsDcv: false }, ...options });
        await begin();
        return simulator;
    }

    /** Somebody follows the link in DigiCert's e-mail after a while. */
    function issueAfter(ms: number): (slept: number) => Promise<void> {
        return async (slept) => {
            simulator.advance(slept);
            const isOver = simulator.now().getTime() - START.getTime() >= ms;
            if (isOver && live().status === "reissue_pending") await simulator.issue(orderId);
        };
    }
}
