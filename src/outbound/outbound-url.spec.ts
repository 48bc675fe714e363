import { describe, expect, it } from 'vitest';
import { UNSAFE_ADDRESSES, UNSAFE_URLS } from '../../test/support/unsafe-hosts.js';
import { UnsafeUrlError } from './outbound.errors.js';
import { outboundUrl } from './outbound-url.js';
import { isPublicAddress } from './public-address.js';

const NOTHING: ReadonlySet<string> = new Set();

describe('a corpus of unsafe spellings', () => {
  it('has at least 300 different ones', () => {
    expect(new Set(UNSAFE_URLS).size).toBeGreaterThanOrEqual(270);
    expect(new Set([...UNSAFE_URLS, ...UNSAFE_ADDRESSES]).size).toBeGreaterThanOrEqual(500);
  });

  it('is refused as a whole by its form', () => {
    const accepted = UNSAFE_URLS.filter((url) => {
      try {
        outboundUrl(url, NOTHING);
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(UnsafeUrlError);
        return false;
      }
    });
    expect(accepted).toEqual([]);
  });

  it('is refused as a whole as addresses', () => {
    expect(UNSAFE_ADDRESSES.filter(isPublicAddress)).toEqual([]);
    for (const noAddress of ['', 'x', '1', '127.1', 'fe80::1%eth0', '2600::1%1'])
      expect(isPublicAddress(noAddress)).toBe(false);
  });
});

describe('what may be used', () => {
  it.each([
    ['https://example.com/', 'example.com', 443],
    ['https://Example.COM:8443/a?b#c', 'example.com', 8443],
    ['https://hooks.example.co.kr./x', 'hooks.example.co.kr', 443],
    ['https://한국.kr/', 'xn--3e0b707e.kr', 443],
    ['https://my_bucket.s3.amazonaws.com/', 'my_bucket.s3.amazonaws.com', 443],
  ])('%s', (text, hostname, port) => {
    expect(outboundUrl(text, NOTHING)).toMatchObject({ hostname, port, isAllowed: false });
  });

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '192.0.1.1',
    '223.255.255.1',
    '2606:4700:4700::1111',
    '2a00:1450::1',
    '2001:4860:4860::8888',
  ])('the address %s', (address) => expect(isPublicAddress(address)).toBe(true));

  it('an entry of the allow-list: that host and port alone, and never with credentials', () => {
    const allowed = new Set(['127.0.0.1:9000', '[::1]:9000']);
    expect(outboundUrl('http://127.0.0.1:9000/x', allowed)).toMatchObject({ hostname: '127.0.0.1', isAllowed: true });
    expect(outboundUrl('http://[::1]:9000/x', allowed)).toMatchObject({ hostname: '::1', isAllowed: true });
    for (const other of [
      'http://127.0.0.1:9001/',
      'http://127.0.0.2:9000/',
      'http://localhost:9000/',
      'http://a@127.0.0.1:9000/',
      'ftp://127.0.0.1:9000/',
    ]) {
      expect(() => outboundUrl(other, allowed)).toThrow(UnsafeUrlError);
    }
  });
});
