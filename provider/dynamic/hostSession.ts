/**
 * The configuration and the session of a provider process. All resources of the process share them, and so one quota and one poller.
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
import {
    addressOf,
    readConfirmedRevocations,
    readSettings,
    type Settings,
    type Sources,
} from "../core/settings.js";
import { REMEDIES } from "../pulumi/remedies.js";

/** The services of the process that a provider uses; tests replace them. */
export interface Surroundings extends CoreSurroundings {
    readonly env: Readonly<Record<string, string | undefined>>;
    /** Address of the engine that started this process; absent if it is unknown. */
    readonly engine?: string | undefined;
    /** Prints one line. */
    log(line: string): void;
}

type Config = dynamic.ConfigureRequest["config"];

/** The configuration of a provider process, and the session that is opened with it. */
export class HostSession implements Sessions {
    readonly #surroundings: Surroundings;
    #config: Config | undefined;
    #opened: { readonly settings: Settings; readonly session: Promise<Session> } | undefined;

    constructor(surroundings: Surroundings) {
        this.#surroundings = surroundings;
    }

    /**
     * Stores the configuration. It does nothing else: the host does not wait for it before other calls, and after an error here
     * they would have no configuration.
     */
    configure(config: Config): void {
        this.#config = config;
    }

    now(): Date {
        return this.#surroundings.now();
    }

    /** Prints one line. */
    log(line: string): void {
        this.#surroundings.log(line);
    }

    /** Opens the session. The host configures each resource of the process; with equal settings they share a session. */
    async open(): Promise<Session> {
        const settings = readSettings(this.sources);
        if (!this.#opened || !areSameSettings(settings, this.#opened.settings)) {
            const session = this.#open(settings);
            this.#opened = { settings, session };
            session.catch(() => (this.#opened = undefined));
            return session;
        }
        return this.#opened.session;
    }

    /** The sources of the settings. */
    get sources(): Sources {
        return { config: (key) => this.#config?.get(key), env: this.#surroundings.env };
    }

    /** DigiCert's address; order ids of two regions are unrelated. */
    get address(): string {
        return addressOf(this.sources);
    }

    #open(settings: Settings): Promise<Session> {
        return openSession(this.#surroundings, settings, {
            tell: (message) => {
                this.log(lineOf(message));
            },
            // Pulumi cancels a dynamic host by killing it, so this signal is never aborted.
            signal: new AbortController().signal,
            confirmedRevocations: readConfirmedRevocations(this.#surroundings),
        });
    }
}

function areSameSettings({ apiKey: key, ...rest }: Settings, { apiKey, ...others }: Settings): boolean {
    return key() === apiKey() && isDeepStrictEqual(rest, others);
}

/** The line that the host prints for a message. */
function lineOf({ severity, text, remedy }: Message): string {
    const advice = remedy === undefined ? "" : ` ${REMEDIES[remedy]}`;
    return `${severity === "warning" ? "warning: " : ""}${text}${advice}`;
}
