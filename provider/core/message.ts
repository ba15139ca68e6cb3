/**
 * What is said to a person while an operation runs.
 *
 * @module
 */

/** One line for a person. */
export interface Message {
    readonly severity: "info" | "warning";
    /** One sentence, without a prefix, that begins with its subject. */
    readonly text: string;
    /** Whether it only tells how far a running operation is, and need not stay on the screen. */
    readonly isStatus: boolean;
}

/** Takes messages as they come. */
export type Tell = (message: Message) => void;

/** What a person should know. */
export function info(text: string): Message {
    return { severity: "info", text, isStatus: false };
}

/** What a person should do something about. */
export function warning(text: string): Message {
    return { severity: "warning", text, isStatus: false };
}

/** How far a running operation is. */
export function progress(text: string): Message {
    return { severity: "info", text, isStatus: true };
}
