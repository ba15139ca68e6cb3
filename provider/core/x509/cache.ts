/**
 * Remembers what was made of a text.
 *
 * @module
 */

/** Calls `make` once for each text; of those before the last `size` again. What throws is not remembered. */
export function remembered<T>(size: number, make: (text: string) => T): (text: string) => T {
    const made = new Map<string, T>();
    return (text) => {
        const before = made.get(text);
        if (before !== undefined) return before;
        const value = make(text);
        const [oldest] = made.keys();
        if (made.size >= size && oldest !== undefined) made.delete(oldest);
        made.set(text, value);
        return value;
    };
}
