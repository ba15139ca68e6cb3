/** Situations in which a stack can be when it moves to the other door of the package. */
import { TOKEN } from "./requests.js";
import type { Props } from "./driver.js";
import type { Stage } from "./stage.js";

/** Requests beside GETs that may be made for an open reissue: making them again changes nothing. */
export const REPEATABLE: readonly string[] = [TOKEN, "PUT /order/certificate/:id/check-dcv"];

/** One of them. */
export interface Situation {
    /** Plays up to it on the stage's order, whose stack is empty; returns the program. `more` are further inputs. */
    readonly make: (stage: Stage, more: Props) => Promise<Props>;
    /** Whether a reissue is open, so that DigiCert is asked what became of it. */
    readonly isOpen?: boolean;
    /** Whether `up` fails as long as the program and DigiCert stay as they are. */
    readonly fails?: boolean;
}

/** By how the resource is. */
export const SITUATIONS: Readonly<Record<string, Situation>> = {
    "is issued": {
        make: async (stage, more) => {
            const args = stage.shop({
                comments: "for the shop",
                triggers: { v: "1" },
                additionalParameters: { cs_provisioning_method: "email" },
                minDaysRemaining: 20,
                deletionPolicy: "cancelPending",
                ...more,
            });
            await stage.issued(args);
            return args;
        },
    },
    "was adopted": {
        make: async (stage, more) => {
            const dnsNames = ["a.shop.example"];
            await stage.useOwnOrder({ dnsNames });
            const args = stage.shop({ adoptExisting: true, certificate: { dnsNames }, ...more });
            await stage.stack.up(args);
            return args;
        },
    },
    "waits for an approver": {
        isOpen: true,
        make: async (stage, more) => {
            const args = stage.shop({ triggers: { v: "2" }, ...more });
            await stage.pending(args, stage.shop(more));
            return args;
        },
    },
    "waits for a validation": {
        isOpen: true,
        make: async (stage, more) => {
            stage.policy({ domains: "unvalidated" });
            const args = stage.shop({ skipApproval: true, dcvMethod: "dns-txt-token", ...more });
            await stage.stack.up(args);
            return args;
        },
    },
    "was not issued in time": {
        isOpen: true,
        fails: true,
        make: async (stage, more) => {
            stage.policy({ issuanceMs: 3_600_000 });
            const args = stage.shop({ issuanceTimeoutSeconds: 1, ...more });
            await stage.stack.up(args);
            return args;
        },
    },
    "was rejected": {
        fails: true,
        make: async (stage, more) => {
            const args = stage.shop({ triggers: { v: "2" }, ...more });
            await stage.pending(args, stage.shop(more));
            await stage.simulator.reject(stage.requestId, "wrong department");
            await stage.stack.up(args);
            return args;
        },
    },
    "is on an order that was revoked": {
        make: async (stage, more) => {
            const args = stage.shop(more);
            await stage.issued(args);
            stage.simulator.cancelOrder(stage.orderId, "revoked");
            await stage.stack.refresh();
            return args;
        },
    },
};
