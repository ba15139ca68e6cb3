/**
 * What is said to a person while an operation runs.
 *
 * @module
 */
import type { Remedy } from "./errors.js";

/** One line for a person. */
export interface Message {
    readonly severity: "info" | "warning";
    /** One sentence, without a prefix, that begins with its subject. */
    readonly text: string;
    /** Whether it only tells how far a running operation is, and need not stay on the screen. */
    readonly isStatus: boolean;
    /** What a person can do about it; each surface has its own words for it. */
    readonly remedy?: Remedy | undefined;
}

/** Takes messages as they come. */
export type Tell = (message: Message) => void;

/** What a person should know. */
export function info(text: string, remedy?: Remedy): Message {
    return { severity: "info", text, isStatus: false, remedy };
}

/** What a person should do something about. */
export function warning(text: string, remedy?: Remedy): Message {
    return { severity: "warning", text, isStatus: false, remedy };
}

/** How far a running operation is. */
export function progress(text: string): Message {
    return { severity: "info", text, isStatus: true };
}
