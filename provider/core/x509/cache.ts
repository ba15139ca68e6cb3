/**
 * Remembers the results of a function of one text.
 *
 * @module
 */

/** Calls `make` once for each text. The last `size` results are remembered; an exception is not. */
export function remembered<T>(size: number, make: (text: string) => T): (text: string) => T {
    const made = new Map<string, T>();
    return (text) => {
        const before = made.get(text);
        if (before !== undefined) return before;
        const value = make(text);
        if (made.size >= size) {
            const [oldest = text] = made.keys();
            made.delete(oldest);
        }
        made.set(text, value);
        return value;
    };
}
