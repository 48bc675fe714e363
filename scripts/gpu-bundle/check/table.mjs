/** Prints rows of text and numbers under a title, in aligned columns; numbers to the right. */
export function printTable(title, rows) {
  console.log(`\n${title}`);
  const names = [...new Set(rows.flatMap(Object.keys))];
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))];
  const widths = names.map((_, i) => Math.max(...cells.map((line) => line[i].length)));
  const isNumber = names.map((_, i) => cells.slice(1).every((line) => /^[\d.,]*$/.test(line[i])));
  for (const line of cells) {
    const padded = line.map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])));
    console.log(`  ${padded.join('  ')}`.trimEnd());
  }
}

/** Three significant digits, never an exponent. */
export function figure(value) {
  return value >= 100 ? String(Math.round(value)) : Number(value.toPrecision(3)).toString();
}

/** The value below which this share of the samples lies; NaN without samples. */
export function percentile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
