import { Logger } from '@nestjs/common';
import { afterEach, expect, it, vi } from 'vitest';
import { redacted } from './redacted.js';
import { RedactingLogger } from './redacting-logger.js';

const SECRETS = [
  ['maru_live_0123456789ab_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ123456', 'abcdefghijklm'],
  ['the token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl', 'eyJzdWIiOiJ4In0'],
  ['Authorization: Bearer abcdef0123456789', 'abcdef0123456789'],
  ['{"password":"hunter2 \\" three","name":"x"}', 'hunter2'],
  ["{ password: 'hunter2', n: 1 }", 'hunter2'],
  ['POST /oauth/token client_secret=hunter2&grant_type=x', 'hunter2'],
  ['connect postgres://maru_app:hunter2@db:5432/maru', 'hunter2'],
  ['whsec_aHVudGVyMg==', 'aHVudGVyMg'],
  ['-----BEGIN PRIVATE KEY-----\nMIGHAgEAhunter2\n-----END PRIVATE KEY-----', 'hunter2'],
  ['$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA', 'aGFzaA'],
  ['cookie: maru_session=hunter2', 'hunter2'],
] as const;

afterEach(() => vi.restoreAllMocks());

it.each(SECRETS)('hides %s', (text, secret) => {
  expect(redacted(text)).not.toContain(secret);
});

it('leaves the rest as it is', () => {
  const line =
    'GET /v1/jobs/job_01m8323e5rfbnv28231hc5mh2z -> 503 (request 01m8): 3 tokens left, key_01m8323e5rfbnv28231hc5mh2z';
  expect(redacted(line)).toBe(line);
  expect(redacted('{"password":"x","name":"y"}')).toBe('{"password":[redacted],"name":"y"}');
});

it('stands between every log line of Nest and the terminal, stacks and objects too', () => {
  let out = '';
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk: unknown) => {
      out += String(chunk);
      return true;
    });
  }
  const logger = new RedactingLogger(['error', 'warn', 'log', 'debug']);
  for (const [text] of SECRETS) {
    logger.log(text);
    logger.warn({ what: text, deep: { in: [text] } });
    logger.error(`failed: ${text}`, new Error(text).stack);
  }
  Logger.overrideLogger(logger);
  new Logger('Room').error(SECRETS[0][0]);
  Logger.overrideLogger(false);
  for (const [, secret] of SECRETS) expect(out).not.toContain(secret);
  expect(out).toContain('[redacted]');
  expect(out).toContain('Room');
});
