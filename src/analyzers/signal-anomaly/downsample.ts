/** One point of a chart: sample index and value. */
export type ChartPoint = readonly [index: number, value: number];

/**
 * At most `limit` points of a series for a chart. Each stretch of samples gives its smallest and its largest value in
 * their order, so a spike of one sample stays visible.
 */
export function downsample(values: ArrayLike<number>, limit: number): ChartPoint[] {
  const at = (index: number): number => values[index] ?? 0;
  if (values.length <= limit) return Array.from({ length: values.length }, (_, i) => [i, at(i)]);
  const stretches = Math.floor(limit / 2);
  return Array.from({ length: stretches }, (_, k): ChartPoint[] => {
    const from = Math.floor((k * values.length) / stretches);
    const to = Math.floor(((k + 1) * values.length) / stretches);
    let [low, high] = [from, from];
    for (let i = from + 1; i < to; i++) {
      if (at(i) < at(low)) low = i;
      if (at(i) > at(high)) high = i;
    }
    const indices = low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
    return indices.map((index) => [index, at(index)]);
  }).flat();
}
