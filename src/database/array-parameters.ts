/** Element types that are sent in binary form, by their oid. */
const ELEMENT = { json: 114, text: 25 } as const;

/**
 * A one-dimensional array in PostgreSQL's binary format. For columns of wide text: the driver's text form escapes every
 * element with two regular expressions, which costs more than the rest of a flush.
 */
export function binaryArray(type: keyof typeof ELEMENT, values: readonly (string | null)[]): Buffer {
  const bytes = values.reduce((sum, v) => sum + 4 + (v === null ? 0 : Buffer.byteLength(v)), 20);
  const out = Buffer.allocUnsafe(bytes);
  out.writeInt32BE(1, 0); // dimensions
  out.writeInt32BE(values.includes(null) ? 1 : 0, 4);
  out.writeInt32BE(ELEMENT[type], 8);
  out.writeInt32BE(values.length, 12);
  out.writeInt32BE(1, 16); // lower bound
  let at = 20;
  for (const value of values) {
    const size = value === null ? -1 : out.write(value, at + 4);
    out.writeInt32BE(size, at);
    at += 4 + Math.max(0, size);
  }
  return out;
}

/** Text form of an array whose elements need no quotes: uuids, numbers, booleans, bare words. */
export function plainArray(values: readonly (string | number | boolean)[]): string {
  return `{${values.join(',')}}`;
}
