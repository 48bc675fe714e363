import { Secret } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { newTotpSecret, totpStep, totpUri } from './totp.js';

/** RFC 6238 appendix B, SHA-1, the last six digits of its eight. */
const SECRET = Secret.fromUTF8('12345678901234567890').base32;
const VECTORS = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
] as const;

describe('TOTP', () => {
  it.each(VECTORS)('takes the code of RFC 6238 at %d s, a step early or late, and no further', (at, code) => {
    const step = Math.floor(at / 30);
    for (const offset of [-30, 0, 30]) expect(totpStep(SECRET, code, (at + offset) * 1_000)).toBe(step);
    for (const offset of [-61, 61, 3_600]) expect(totpStep(SECRET, code, (at + offset) * 1_000)).toBeNull();
  });

  it.each(['', '28708', '2870820', 'abcdef', ' 287082', '٢٨٧٠٨٢'])('is not %j', (code) => {
    expect(totpStep(SECRET, code, 59_000)).toBeNull();
  });

  it('makes secrets of 160 bits, no two alike', () => {
    const secrets = Array.from({ length: 100 }, newTotpSecret);
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  });

  it('writes the address that apps read', () => {
    const uri = new URL(totpUri(SECRET, 'Hanbit', 'mina@hanbit.example'));
    expect(uri.protocol + uri.host).toBe('otpauth:totp');
    expect(decodeURIComponent(uri.pathname)).toBe('/Hanbit:mina@hanbit.example');
    expect(Object.fromEntries(uri.searchParams)).toMatchObject({
      issuer: 'Hanbit',
      secret: SECRET,
      digits: '6',
      period: '30',
    });
  });
});
