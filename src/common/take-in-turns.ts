/**
 * Takes up to `max` items, one of each holder in turn, each holder's in order; the rest keeps its order.
 * @returns both parts
 */
export function takeInTurns<T>(items: readonly T[], max: number, holderOf: (item: T) => string): [T[], T[]] {
  if (items.length <= max) return [[...items], []];
  const turns = new Map<string, number>();
  const ranked = items.map((item) => {
    const holder = holderOf(item);
    const turn = turns.get(holder) ?? 0;
    turns.set(holder, turn + 1);
    return { item, turn };
  });
  const taken = new Set(ranked.toSorted((a, b) => a.turn - b.turn).slice(0, max));
  return [
    ranked.filter((r) => taken.has(r)).map((r) => r.item),
    ranked.filter((r) => !taken.has(r)).map((r) => r.item),
  ];
}
