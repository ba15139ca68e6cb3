/**
 * Work on many orders at a time.
 *
 * @module
 */

/** Maps items in their order, so many at a time. */
export async function mapConcurrently<T, R>(
    items: readonly T[],
    concurrency: number,
    map: (item: T) => Promise<R>,
): Promise<R[]> {
    const results: R[] = [];
    const left = items.entries();
    const work = async (): Promise<void> => {
        for (const [index, item] of left) results[index] = await map(item);
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    return results;
}
