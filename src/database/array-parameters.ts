/** Element types that are sent in binary form, by their oid. */
const ELEMENT = { json: 114, text: 25 } as const;

/**
 * A one-dimensional array in PostgreSQL's binary format. For columns of wide text: the driver's text form escapes every
 * element with two regular expressions, which costs more than the rest of a flush.
 */
export function binaryArray(type: keyof typeof ELEMENT, values: readonly (string | null)[]): Buffer {
  const elements = values.map((v) => (v === null ? null : Buffer.from(v, 'utf8')));
  const bytes = elements.reduce((sum, e) => sum + 4 + (e?.length ?? 0), 20);
  const out = Buffer.allocUnsafe(bytes);
  out.writeInt32BE(1, 0); // dimensions
  out.writeInt32BE(elements.includes(null) ? 1 : 0, 4);
  out.writeInt32BE(ELEMENT[type], 8);
  out.writeInt32BE(elements.length, 12);
  out.writeInt32BE(1, 16); // lower bound
  let at = 20;
  for (const element of elements) {
    at = out.writeInt32BE(element?.length ?? -1, at);
    if (element) at += element.copy(out, at);
  }
  return out;
}

/** Text form of an array whose elements need no quotes: uuids, numbers, booleans, bare words. */
export function plainArray(values: readonly (string | number | boolean)[]): string {
  return `{${values.join(',')}}`;
}
