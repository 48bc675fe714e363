/**
 * A copy of everything that is reachable from `root`, with its classes, shared references and circles. For graphs of plain
 * objects, class instances without `#private` fields, arrays, maps, sets and typed arrays.
 * @throws Error for a function: it would go on to see the original
 */
export function copyGraph<T>(root: T): T {
  const copies = new Map<object, object>();
  const unfilled: (() => void)[] = [];
  const copyOf = (value: unknown): unknown => {
    if (typeof value === 'function') throw new Error(`a function cannot be copied: ${value.name || 'without a name'}`);
    if (typeof value !== 'object' || value === null) return value;
    let copy = copies.get(value);
    if (!copy) {
      copy = emptyLike(value);
      copies.set(value, copy);
      // Later, not now: a long chain of references would need as deep a stack.
      unfilled.push(() => fill(copy as object, value, copyOf));
    }
    return copy;
  };
  const copied = copyOf(root);
  for (let next = unfilled.pop(); next; next = unfilled.pop()) next();
  return copied as T;
}

function emptyLike(value: object): object {
  if (Array.isArray(value)) return [];
  if (value instanceof Map) return new Map();
  if (value instanceof Set) return new Set();
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  return Object.create(Object.getPrototypeOf(value) as object | null) as object;
}

function fill(copy: object, value: object, copyOf: (value: unknown) => unknown): void {
  if (ArrayBuffer.isView(value)) return;
  if (value instanceof Map)
    for (const [key, entry] of value) (copy as Map<unknown, unknown>).set(copyOf(key), copyOf(entry));
  else if (value instanceof Set) for (const entry of value) (copy as Set<unknown>).add(copyOf(entry));
  else
    for (const key of Object.keys(value))
      (copy as Record<string, unknown>)[key] = copyOf((value as Record<string, unknown>)[key]);
}
