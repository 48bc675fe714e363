import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Secrets } from '../config/config.js';
import { InvalidPageTokenError } from './http.errors.js';
import { PageTokens } from './page-tokens.js';

const tokens = new PageTokens(new Secrets(randomBytes(32)));
const binding = { tenantId: 'a', list: 'jobs', filters: { status: 'queued', order: undefined } };

describe('PageTokens', () => {
  it('gives the cursor back for the same tenant, list and filters', () => {
    const token = tokens.seal('2026-11-23|x', binding);
    expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(token).not.toContain(Buffer.from('2026').toString('base64url').slice(0, 4));
    expect(tokens.open(token, binding)).toBe('2026-11-23|x');
    expect(tokens.open(token, { ...binding, filters: { status: 'queued' } })).toBe('2026-11-23|x');
    expect(tokens.open(undefined, binding)).toBeNull();
  });

  it('refuses a token of another tenant, list, filter or installation, and every forgery', () => {
    const token = tokens.seal('x', binding);
    const others = [
      { ...binding, tenantId: 'b' },
      { ...binding, tenantId: null },
      { ...binding, list: 'files' },
      { ...binding, filters: { status: 'failed' } },
      { ...binding, filters: {} },
    ];
    for (const other of others) expect(() => tokens.open(token, other)).toThrow(InvalidPageTokenError);
    const elsewhere = new PageTokens(new Secrets(randomBytes(32)));
    expect(() => elsewhere.open(token, binding)).toThrow(InvalidPageTokenError);
    for (const forged of ['x', token.slice(1), `A${token.slice(1)}`, 'A'.repeat(60), '{}', '%']) {
      if (forged !== token) expect(() => tokens.open(forged, binding)).toThrow(InvalidPageTokenError);
    }
  });
});
