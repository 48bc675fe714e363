/** A figure beside its bar. */
export interface Verdict {
  readonly name: string;
  readonly wanted: string;
  readonly worst: number;
  readonly median: number;
  readonly isMet: boolean;
}

/** Every seed must reach `bar`. */
export function atLeast(name: string, values: readonly number[], bar: number): Verdict {
  const worst = Math.min(...values);
  return { name, wanted: `>= ${bar}`, worst, median: medianOf(values), isMet: worst >= bar };
}

/** No seed may exceed `bar`. */
export function atMost(name: string, values: readonly number[], bar: number): Verdict {
  const worst = Math.max(...values);
  return { name, wanted: `<= ${bar}`, worst, median: medianOf(values), isMet: worst <= bar };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle) - 1] ?? NaN)) / 2;
}
