/**
 * What the resources of one provider process share: its configuration and its session, so that they have one quota and one
 * poller.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import type { Message } from "../core/message.js";
import {
    openSession,
    type Session,
    type Sessions,
    type Surroundings as CoreSurroundings,
} from "../core/session.js";
import { readConfirmedRevocations, readSettings, type Settings, type Sources } from "../core/settings.js";
import { REMEDIES } from "./remedies.js";

/** What a provider process takes from its surroundings; replaced in tests. */
export interface Surroundings extends CoreSurroundings {
    readonly env: Readonly<Record<string, string | undefined>>;
    /** Address of the engine that started this process, where it is known. */
    readonly engine?: string | undefined;
    /** Prints one line. */
    log(line: string): void;
}

type Config = dynamic.ConfigureRequest["config"];

/** The configuration of a provider process, and the session that is opened with it. */
export class HostSession implements Sessions {
    readonly #around: Surroundings;
    #config: Config | undefined;
    #opened: { readonly settings: Settings; readonly session: Promise<Session> } | undefined;

    constructor(around: Surroundings) {
        this.#around = around;
    }

    /** Stores only: the host does not wait for it before other calls, and one that throws leaves them unconfigured. */
    configure(config: Config): void {
        this.#config = config;
    }

    now(): Date {
        return this.#around.now();
    }

    /** Prints one line. */
    log(line: string): void {
        this.#around.log(line);
    }

    /** Opens the session; the host configures each resource of the process, and the same settings are one session. */
    async open(): Promise<Session> {
        const settings = readSettings(this.sources);
        if (!isDeepStrictEqual(settings, this.#opened?.settings)) {
            const session = this.#open(settings);
            this.#opened = { settings, session };
            session.catch(() => (this.#opened = undefined));
        }
        return this.#opened?.session ?? this.#open(settings);
    }

    /** Where settings come from. */
    get sources(): Sources {
        return { config: (key) => this.#config?.get(key), env: this.#around.env };
    }

    /** DigiCert's address, as far as it is set; the same for all providers of one region. */
    get address(): string {
        const { config, env } = this.sources;
        return (
            config("digicert:baseUrl") ??
            config("digicert:region") ??
            env.DIGICERT_BASE_URL ??
            env.DIGICERT_REGION ??
            "us"
        );
    }

    #open(settings: Settings): Promise<Session> {
        return openSession(this.#around, settings, {
            tell: (message) => {
                this.log(lineOf(message));
            },
            // The dynamic host has no cancellation: it is killed.
            signal: new AbortController().signal,
            confirmedRevocations: readConfirmedRevocations(this.#around),
        });
    }
}

/** The line that the host prints for a message. */
function lineOf({ severity, text, remedy }: Message): string {
    const advice = remedy === undefined ? "" : ` ${REMEDIES[remedy]}`;
    return `${severity === "warning" ? "warning: " : ""}${text}${advice}`;
}
