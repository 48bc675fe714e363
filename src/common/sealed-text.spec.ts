import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { openText, sealText } from './sealed-text.js';

const key = randomBytes(32);

it('opens what it sealed, with the same key and binding only', () => {
  const sealed = sealText('비밀 text', key, 'row 1');
  expect(openText(sealed, key, 'row 1')).toBe('비밀 text');
  expect(openText(sealed, key, 'row 2')).toBeNull();
  expect(openText(sealed, randomBytes(32), 'row 1')).toBeNull();
});

it('notices every changed or missing byte', () => {
  const sealed = sealText('text', key, 'row 1');
  for (let i = 0; i < sealed.length; i++) {
    const forged = Buffer.from(sealed);
    forged[i]! ^= 1;
    expect(openText(forged, key, 'row 1')).toBeNull();
    expect(openText(sealed.subarray(0, i), key, 'row 1')).toBeNull();
  }
});

it('never seals the same text to the same bytes', () => {
  expect(sealText('text', key, 'row').equals(sealText('text', key, 'row'))).toBe(false);
});
