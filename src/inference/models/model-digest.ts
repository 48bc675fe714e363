import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Digest of the artefacts of a model: SHA-256 over one line `<file name> <sha256 of the file>` per file, sorted by name,
 * each ended by a line feed. The form is `sha256:` + hex.
 */
export function modelDigest(directory: string, files: readonly string[]): string {
  const lines = [...files].sort().map((name) => {
    const content = fs.readFileSync(path.join(directory, name));
    return `${name} ${createHash('sha256').update(content).digest('hex')}\n`;
  });
  return `sha256:${createHash('sha256').update(lines.join('')).digest('hex')}`;
}

/** A uuid (version 8, RFC 9562: own content) made of the first 122 bits of a digest: the same files, the same id. */
export function uuidOfDigest(digest: string): string {
  const bytes = Buffer.from(digest.replace(/^sha256:/, '').slice(0, 32), 'hex');
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
