import { createHash, createHmac, randomBytes } from 'node:crypto';

/** Realm of operators, who have no tenant: their sessions lie under this id. */
export const NIL_TENANT = '00000000-0000-0000-0000-000000000000';

const FORMAT = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/**
 * A session credential: the tenant's uuid and 256 random bits, base64url. The tenant part only tells where to look;
 * the hash of the whole must be found there.
 */
export function mintOpaqueToken(tenantId: string): string {
  return format(tenantId, randomBytes(32));
}

/** The token that replaces a presented one. The same token always has the same successor, so a repeat within the grace gets it again. */
export function successorOf(token: string, key: Buffer): string {
  return format(tenantOfToken(token)!, createHmac('sha256', key).update(token).digest());
}

/** The tenant that a token claims to be of; null when the text is no token. */
export function tenantOfToken(token: string): string | null {
  const match = FORMAT.exec(token);
  if (!match) return null;
  const hex = Buffer.from(match[1]!, 'base64url').toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** SHA-256: all that is stored of a token. */
export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function format(tenantId: string, secret: Buffer): string {
  return `${Buffer.from(tenantId.replaceAll('-', ''), 'hex').toString('base64url')}.${secret.toString('base64url')}`;
}
