/** What a step of a chain goes on with. */
export interface Strongest<T> {
  /** In the order in which they were given. */
  readonly kept: readonly T[];
  /** True when something was left out; goes into the result under this name. */
  readonly truncated: boolean;
}

/** The `most` with the highest scores: the rest of the chain looks at no more. */
export function strongest<T extends { readonly score: number }>(found: readonly T[], most: number): Strongest<T> {
  if (found.length <= most) return { kept: found, truncated: false };
  const best = new Set(found.toSorted((a, b) => b.score - a.score).slice(0, most));
  return { kept: found.filter((one) => best.has(one)), truncated: true };
}
