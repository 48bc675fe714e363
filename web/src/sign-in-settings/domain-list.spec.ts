import { expect, test } from 'vitest';
import { domainsIn } from './domain-list.js';

test.each<[string, string[]]>([
  ['', []],
  [' \n ', []],
  ['hanbit.example', ['hanbit.example']],
  ['Hanbit.example\n@mail.hanbit.example, hanbit.example;x.kr', ['hanbit.example', 'mail.hanbit.example', 'x.kr']],
  ['한빛.kr', ['xn--xx3br43b.kr']],
  ['mina@hanbit.example https://hanbit.example', ['mina@hanbit.example', 'https://hanbit.example']],
  ['한빛.kr/path', ['한빛.kr/path']],
])('%j', (text, domains) => expect(domainsIn(text)).toEqual(domains));
