/** What a contract scenario does with a stack, whatever stands between it and the provider. */
import type { Props } from "../engine/imitation.js";
import type { RecordedRequest } from "../../simulator/index.js";

export type { Props };

/** What became of a resource in one command. */
export type Done = "create" | "update" | "replace" | "delete" | "nothing" | "refused";

/** What one command did. */
export interface Run {
    /** About the resource `shop`. After a refresh: `update` if the inputs differ now. */
    readonly did: Done;
    /** About further resources, by name. */
    readonly others: Readonly<Record<string, Done>>;
    /** Why the command failed; `undefined` means that it succeeded. */
    readonly failure: string | undefined;
    /** Lines that the provider printed in the preview. */
    readonly preview: readonly string[];
    /** Lines that it printed in the update. */
    readonly lines: readonly string[];
    /** The lines of the update, and the failure. */
    readonly text: string;
    /** As `GET /order/certificate/:id`, in the order of their arrival. */
    readonly requests: readonly string[];
    /** Those that are no `GET`. */
    readonly changing: readonly string[];
    readonly recorded: readonly RecordedRequest[];
    readonly posts: number;
}

/** Outputs of a `DigiCertReissue`, as interface.md names them; further members are the provider's own. */
export interface Outputs extends Props {
    orderId: string;
    certificate: { commonName?: string; dnsNames: string[]; csr: string };
    requestIds: number[];
    certificateId?: number;
    issuedCertificateId?: number;
    status: string;
    certificatePem?: string;
    chainPem?: string;
    serialNumber?: string;
    thumbprint?: string;
    validFrom?: string;
    validTill?: string;
    orderValidTill?: string;
    dcvRandomValue?: string;
    reissueId?: string;
}

/** A resource in the state. */
export interface Recorded {
    readonly id: string;
    readonly inputs: Props;
    readonly outputs: Outputs;
    /** Why the last command failed for it and kept it all the same. */
    readonly initErrors: readonly string[];
}

/** What differs in one command from a plain one. */
export interface RunOptions {
    /** Further resources of the program, by name. */
    readonly others?: Readonly<Record<string, Props>>;
    /** Added to the environment of the provider. */
    readonly env?: Readonly<Record<string, string>>;
    /** Stack config beside key, address and pauses. */
    readonly config?: Readonly<Record<string, string>>;
}

/** A stack whose program has the resource `shop`, and others where a scenario needs them. */
export interface StackDriver {
    /** `pulumi preview`; it makes no request, and refuses what an update would refuse before it begins. */
    preview(args: Props | undefined, options?: RunOptions): Promise<Run>;
    /** `pulumi up`: a preview, and the update unless the preview refused it. */
    up(args: Props | undefined, options?: RunOptions): Promise<Run>;
    /** `pulumi refresh`, which does not run the program. */
    refresh(options?: RunOptions): Promise<Run>;
    /** `pulumi destroy`, which does not run the program. */
    destroy(options?: RunOptions): Promise<Run>;
    /** `DigiCertReissue.get(name, id)`. */
    get(id: string): Promise<Outputs>;
    /** A resource of the state, if it is there. */
    resource(name?: string): Recorded | undefined;
    /** Goes back to an earlier state, as after a run that was killed; `undefined`: the stack is empty again. */
    restore(recorded: Recorded | undefined): Promise<void>;
    /** The outputs of `shop`; throws if there is none. */
    readonly state: Outputs;
}

/** The name of the resource that every scenario is about. */
export const SHOP = "shop";

/** Seconds that stand for `settleSeconds` where time is real; in virtual time it is the default. */
export const SETTLE_SECONDS = 0.3;

/** A request, with `:id` for each number. */
export function requestName({ method, pathname }: Pick<RecordedRequest, "method" | "pathname">): string {
    return `${method} ${pathname.replace("/services/v2", "").replace(/\/\d+/g, "/:id")}`;
}

/** Puts together what a command did. */
export function runOf(
    done: Readonly<Record<string, Done>>,
    failures: readonly string[],
    preview: readonly string[],
    lines: readonly string[],
    recorded: readonly RecordedRequest[],
): Run {
    const { [SHOP]: did = "nothing", ...others } = done;
    const requests = recorded.map(requestName);
    return {
        did,
        others,
        failure: failures.length > 0 ? failures.join("\n") : undefined,
        preview,
        lines,
        text: [...lines, ...failures].join("\n"),
        requests,
        changing: requests.filter((request) => !request.startsWith("GET ")),
        recorded,
        posts: requests.filter((request) => request.startsWith("POST ")).length,
    };
}
