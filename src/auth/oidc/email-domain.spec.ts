import { expect, it } from 'vitest';
import { isOwnDomain } from './email-domain.js';

it.each([
  'hanbit.example',
  'hanbit.co.kr',
  'mail.hanbit.co.kr',
  'co.com',
  'xn--xx3br43b.kr',
  'web.de',
  'a.io',
  'x1.xn--3e0b707e',
])('%s is of one organization', (domain) => expect(isOwnDomain(domain)).toBe(true));

it.each([
  'com',
  'kr',
  'co.kr',
  'or.kr',
  'pe.kr',
  'co.xn--3e0b707e',
  'com.br',
  'ac.uk',
  'ne.jp',
  '',
  '.',
  'Hanbit.example',
  '한빛.kr',
  'hanbit.example.',
  '.hanbit.example',
  '*.hanbit.example',
  '@hanbit.example',
  'mina@hanbit.example',
  'https://hanbit.example',
  'hanbit_example.com',
  '-hanbit.example',
  'hanbit..example',
  '127.0.0.1',
  'hanbit.example ',
  `${'a'.repeat(64)}.example`,
])('%j is none', (domain) => expect(isOwnDomain(domain)).toBe(false));
