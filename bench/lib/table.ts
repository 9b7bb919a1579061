/** Prints lines as columns: the first to the left, the others to the right. */
export function printTable(lines: readonly (readonly string[])[]): void {
  const width = (i: number) => Math.max(...lines.map((line) => (line[i] ?? "").length));
  for (const line of lines)
    console.log(line.map((cell, i) => (i === 0 ? cell.padEnd(width(0)) : cell.padStart(width(i)))).join("  "));
}
