import { TypeID, typeid } from 'typeid-js';

/** Prefix of every public id, by kind of thing. The database holds the bare uuid (version 7: sortable by time). */
export const ID_PREFIX = {
  tenant: 'ten',
  member: 'mem',
  operator: 'opr',
  apiKey: 'key',
  job: 'job',
  inferenceBatch: 'ib',
  file: 'file',
  model: 'mdl',
  event: 'evt',
} as const;
export type IdKind = keyof typeof ID_PREFIX;

/** A new uuid, version 7, in its 36-character text form. */
export function newUuid(): string {
  return typeid().toUUID();
}

/** The public TypeID of a uuid, for example `job_01m8323e5rfbnv28231hc5mh2z`. */
export function publicId(kind: IdKind, uuid: string): string {
  return TypeID.fromUUID(ID_PREFIX[kind], uuid).toString();
}

/** The uuid behind a public id; null when the text is not an id of this kind (callers answer 404 or 422). */
export function uuidOf(kind: IdKind, text: string): string | null {
  try {
    return TypeID.fromString(text, ID_PREFIX[kind]).toUUID();
  } catch {
    return null;
  }
}

/** A uuid (version 8) made of the first 16 bytes of a hash: the same name always has the same id. */
export function uuidFromHash(hash: Uint8Array): string {
  const b = Buffer.from(hash.subarray(0, 16));
  b[6] = ((b[6] ?? 0) & 0x0f) | 0x80;
  b[8] = ((b[8] ?? 0) & 0x3f) | 0x80;
  return b.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
