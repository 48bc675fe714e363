import { randomUUID } from 'node:crypto';
import { base32OfUuid, uuidOfBase32 } from './base32-uuid.js';

/** Prefix of every public id, by kind of thing. The database holds the bare uuid (version 7: sortable by time). */
export const ID_PREFIX = {
  tenant: 'ten',
  member: 'mem',
  operator: 'opr',
  session: 'ses',
  impersonation: 'imp',
  apiKey: 'key',
  job: 'job',
  inferenceBatch: 'ib',
  file: 'file',
  model: 'mdl',
  event: 'evt',
  auditEvent: 'aud',
} as const;
export type IdKind = keyof typeof ID_PREFIX;

let lastMs = 0;
let ofThisMs = 0;

/** A new uuid, version 7, in its 36-character text form. Those of one process are in order: the 12 bits after the instant count. */
export function newUuid(): string {
  const now = Date.now();
  if (now > lastMs) [lastMs, ofThisMs] = [now, 0];
  else if (++ofThisMs > 0xfff) [lastMs, ofThisMs] = [lastMs + 1, 0];
  const time = lastMs.toString(16).padStart(12, '0');
  const count = ofThisMs.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}${randomUUID().slice(18)}`;
}

/** The public TypeID of a uuid, for example `job_01m8323e5rfbnv28231hc5mh2z`. */
export function publicId(kind: IdKind, uuid: string): string {
  return `${ID_PREFIX[kind]}_${base32OfUuid(uuid)}`;
}

/** The uuid behind a public id; null when the text is not an id of this kind (callers answer 404 or 422). */
export function uuidOf(kind: IdKind, text: string): string | null {
  const prefix = `${ID_PREFIX[kind]}_`;
  return text.startsWith(prefix) ? uuidOfBase32(text.slice(prefix.length)) : null;
}

/** A uuid (version 8) made of the first 16 bytes of a hash: the same name always has the same id. */
export function uuidFromHash(hash: Uint8Array): string {
  const b = Buffer.from(hash.subarray(0, 16));
  b[6] = ((b[6] ?? 0) & 0x0f) | 0x80;
  b[8] = ((b[8] ?? 0) & 0x3f) | 0x80;
  return b.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
