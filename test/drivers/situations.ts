/** Situations in which a stack can be when it moves to the other door of the package. */
import type { Props } from "./driver.js";
import { CHECK, TOKEN } from "./requests.js";
import type { Stage } from "./stage.js";

/** Requests beside GETs that may be made for an open reissue: making them again changes nothing. */
export const REPEATABLE: readonly string[] = [TOKEN, CHECK];

/** One of them. */
export interface Situation {
    /** Plays up to it on the stage's order, whose stack is empty; returns the program. `more` are further inputs. */
    readonly make: (stage: Stage, more: Props) => Promise<Props>;
    /** Whether a reissue is open, so that DigiCert is asked what became of it. */
    readonly isOpen?: boolean;
    /** Whether `up` fails as long as the program and DigiCert stay as they are. */
    readonly fails?: boolean;
}

/** Plays with a program that has these inputs; `first` is the program without them. */
function playWith(
    program: Props,
    play: (stage: Stage, args: Props, first: Props) => Promise<unknown>,
): Situation["make"] {
    return async (stage, more) => {
        const args = stage.shop({ ...program, ...more });
        await play(stage, args, stage.shop(more));
        return args;
    };
}

/** By how the resource is. */
export const SITUATIONS: Readonly<Record<string, Situation>> = {
    "is issued": {
        make: playWith(
            {
                comments: "for the shop",
                triggers: { v: "1" },
                additionalParameters: { cs_provisioning_method: "email" },
                minDaysRemaining: 20,
                deletionPolicy: "cancelPending",
            },
            (stage, args) => stage.issued(args),
        ),
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
        make: playWith({ triggers: { v: "2" } }, (stage, args, first) => stage.pending(args, first)),
    },
    "waits for a validation": {
        isOpen: true,
        make: playWith({ skipApproval: true, dcvMethod: "dns-txt-token" }, (stage, args) => {
            stage.policy({ domains: "unvalidated" });
            return stage.stack.up(args);
        }),
    },
    "was not issued in time": {
        isOpen: true,
        fails: true,
        make: playWith({ issuanceTimeoutSeconds: 1 }, (stage, args) => {
            stage.policy({ issuanceMs: 3_600_000 });
            return stage.stack.up(args);
        }),
    },
    "was rejected": {
        fails: true,
        make: playWith({ triggers: { v: "2" } }, async (stage, args, first) => {
            await stage.pending(args, first);
            await stage.simulator.reject(stage.requestId, "wrong department");
            await stage.stack.up(args);
        }),
    },
    "is on an order that was revoked": {
        make: playWith({}, async (stage, args) => {
            await stage.issued(args);
            stage.simulator.cancelOrder(stage.orderId, "revoked");
            await stage.stack.refresh();
        }),
    },
};
