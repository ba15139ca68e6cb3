/**
 * Messages to a person while an operation runs.
 *
 * @module
 */
import type { Remedy } from "./errors.js";

/** One line for a person. */
export interface Message {
    readonly severity: "info" | "warning";
    /** One sentence, without a prefix, that begins with its subject. */
    readonly text: string;
    /** Whether the message only shows progress, and need not stay on the screen. */
    readonly isStatus: boolean;
    /** Name of what a person can do about it; each surface has its own words for it. */
    readonly remedy?: Remedy | undefined;
}

/** Receives each message as soon as it is known. */
export type Tell = (message: Message) => void;

/** Makes a message that needs no action. */
export function info(text: string, remedy?: Remedy): Message {
    return { severity: "info", text, isStatus: false, remedy };
}

/** Makes a message that a person should act on. */
export function warning(text: string, remedy?: Remedy): Message {
    return { severity: "warning", text, isStatus: false, remedy };
}

/** Makes a message that shows how far a running operation is. */
export function progress(text: string): Message {
    return { severity: "info", text, isStatus: true };
}
