/** The value below which this share of the samples lies. */
export function percentile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function median(samples) {
  return (percentile(samples, 0.5) + percentile(samples, 0.5 - 1 / (2 * samples.length))) / 2;
}

/** p50, p99 and largest of times in ms, and how many there were. */
export function latencies(samplesMs) {
  return {
    samples: samplesMs.length,
    p50Ms: rounded(percentile(samplesMs, 0.5)),
    p99Ms: rounded(percentile(samplesMs, 0.99)),
    maxMs: rounded(percentile(samplesMs, 1)),
  };
}

/** Three significant digits are more than these figures carry. */
export function rounded(value) {
  return Number(value.toPrecision(3));
}

/** Prints rows of text and numbers under a title, in aligned columns. */
export function printTable(title, rows) {
  console.log(`\n${title}`);
  const names = Object.keys(rows[0] ?? {});
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))];
  const widths = names.map((_, i) => Math.max(...cells.map((line) => line[i].length)));
  for (const line of cells) {
    const padded = line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])));
    console.log(`  ${padded.join('  ')}`);
  }
}

/** A figure beside its target. */
export function verdict(name, value, target, isMet) {
  return { target: name, wanted: target, measured: value, verdict: isMet ? 'met' : 'NOT met' };
}
