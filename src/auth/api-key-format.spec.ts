import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksLikeApiKey, mintApiKey, parseApiKey } from './api-key-format.js';

describe('API keys', () => {
  it('have a mode, a look-up, a secret and a checksum', () => {
    for (let i = 0; i < 500; i++) {
      const key = mintApiKey(i % 2 ? 'live' : 'test');
      expect(key).toMatch(/^maru_(live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
      const hash = createHash('sha256').update(key).digest();
      expect(parseApiKey(key)).toEqual({ lookup: key.slice(10, 22), hash });
    }
  });

  it('are recognised with any single character changed, and refused', () => {
    const key = mintApiKey('test');
    for (let i = 5; i < key.length; i++) {
      const other = key[i] === 'a' ? 'b' : 'a';
      expect(parseApiKey(key.slice(0, i) + other + key.slice(i + 1))).toBeNull();
    }
  });

  it('are nothing that somebody made up', () => {
    fc.assert(fc.property(fc.string(), (text) => parseApiKey(text) === null));
    expect(parseApiKey(`${mintApiKey('test')}\n`)).toBeNull();
    expect(parseApiKey(mintApiKey('test').slice(0, -1))).toBeNull();
    expect(looksLikeApiKey('eyJhbGciOiJFUzI1NiJ9.e30.c2ln')).toBe(false);
  });
});
