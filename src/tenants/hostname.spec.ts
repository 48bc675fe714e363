import { describe, expect, it } from 'vitest';
import { hostnameOf, platformHostname } from './hostname.js';

describe('hostnameOf', () => {
  it.each([
    ['Hanbit.localhost:3000', 'hanbit.localhost'],
    ['portal.example.com.', 'portal.example.com'],
    ['portal.example.com.:443', 'portal.example.com'],
    ['  a.test ', 'a.test'],
    ['[::1]:3000', '[::1]'],
  ])('%s -> %s', (header, name) => expect(hostnameOf(header)).toBe(name));
});

describe('platformHostname', () => {
  it.each([
    ['http://127.0.0.1:3000', 'hanbit.localhost'],
    ['http://[::1]:3000', 'hanbit.localhost'],
    ['https://maru.example.com', 'hanbit.maru.example.com'],
  ])('%s -> %s', (publicUrl, name) => expect(platformHostname('hanbit', publicUrl)).toBe(name));
});
