import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mintOpaqueToken, NIL_TENANT, successorOf, tenantOfToken } from './opaque-token.js';

describe('session credentials', () => {
  it('name their tenant and nothing else', () => {
    const tenantId = randomUUID();
    expect(tenantOfToken(mintOpaqueToken(tenantId))).toBe(tenantId);
    expect(tenantOfToken(mintOpaqueToken(NIL_TENANT))).toBe(NIL_TENANT);
    expect(mintOpaqueToken(tenantId)).not.toBe(mintOpaqueToken(tenantId));
  });

  it('have one successor each, of the same tenant, that only the server can find', () => {
    const key = randomBytes(32);
    const token = mintOpaqueToken(randomUUID());
    const next = successorOf(token, key);
    expect(successorOf(token, key)).toBe(next);
    expect(tenantOfToken(next)).toBe(tenantOfToken(token));
    expect(successorOf(token, randomBytes(32))).not.toBe(next);
    expect(successorOf(next, key)).not.toBe(token);
  });

  it.each([
    '',
    'x',
    'a.b',
    `${'a'.repeat(22)}.${'b'.repeat(42)}`,
    `${'a'.repeat(22)}.${'b'.repeat(43)} `,
    '%'.repeat(66),
  ])('are not %j', (text) => expect(tenantOfToken(text)).toBeNull());
});
