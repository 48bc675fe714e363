import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { base62, randomBase62 } from './base62.js';

/** `test` keys are for trying things out; both kinds run the same paths. */
export type ApiKeyMode = 'live' | 'test';

// maru_<mode>_<lookup, 12 digits>_<secret: 32 bytes in 43 digits><CRC32 of all before it in 6 digits>
const FORMAT = /^(maru_(?:live|test)_([0-9A-Za-z]{12})_[0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

/** What is stored of a key. */
export interface ApiKeyParts {
  /** Finds the row; not secret. */
  readonly lookup: string;
  /** SHA-256 of the whole key. */
  readonly hash: Buffer;
}

/** True when a bearer credential is meant as an API key rather than an access token. */
export function looksLikeApiKey(credential: string): boolean {
  return credential.startsWith('maru_');
}

/** A new key; it is shown to its owner once. */
export function mintApiKey(mode: ApiKeyMode): string {
  const secret = base62(BigInt(`0x${randomBytes(32).toString('hex')}`), 43);
  const body = `maru_${mode}_${randomBase62(12)}_${secret}`;
  return body + checksum(body);
}

/** Null when the text is no key or its checksum is wrong: a mistyped or made-up key costs no query. */
export function parseApiKey(text: string): ApiKeyParts | null {
  const match = FORMAT.exec(text);
  if (!match || checksum(match[1]!) !== match[3]) return null;
  return { lookup: match[2]!, hash: createHash('sha256').update(text).digest() };
}

function checksum(body: string): string {
  return base62(BigInt(crc32(body)), 6);
}
