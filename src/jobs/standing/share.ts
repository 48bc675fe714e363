/** A weight's share of itself and those of the others who have work, 0 to 1 with two digits. */
export function entitledShare(weight: number, others: readonly number[]): number {
  const all = others.reduce((sum, other) => sum + other, weight);
  return Math.round((weight / all) * 100) / 100;
}
