/** Lays out text in columns as wide as they need to be. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
    const widths = heads.map((head, column) =>
        Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
    );
    const line = (cells: readonly string[]): string =>
        cells
            .map((cell, column) => cell.padEnd(widths[column] ?? 0))
            .join("   ")
            .trimEnd();
    return [line(heads), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)].join("\n");
}
