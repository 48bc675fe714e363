import { expect, it } from 'vitest';
import { InvalidEnvironmentError, parseEnv } from './env.dto.js';

it('has limits by default and takes others', () => {
  expect(parseEnv({})).toMatchObject({
    MAX_QUEUED_JOBS: 1_000_000,
    MAX_PENDING_SUBMITS: 5_000,
    MAX_BODIES_MIB: 256,
    MIN_FREE_DISK_MIB: 512,
  });
  expect(parseEnv({ MAX_QUEUED_JOBS: '7', MIN_FREE_DISK_MIB: '0', MAX_BODIES_MIB: '' })).toMatchObject({
    MAX_QUEUED_JOBS: 7,
    MIN_FREE_DISK_MIB: 0,
    MAX_BODIES_MIB: 256,
  });
});

it.each([
  ['MAX_QUEUED_JOBS', '0'],
  ['MAX_QUEUED_JOBS', 'many'],
  ['MAX_PENDING_SUBMITS', '1'],
  ['MAX_BODIES_MIB', '1.5'],
  ['MIN_FREE_DISK_MIB', '-1'],
])('refuses %s=%s', (name, value) => {
  expect(() => parseEnv({ [name]: value })).toThrow(InvalidEnvironmentError);
  expect(() => parseEnv({ [name]: value })).toThrow(new RegExp(`^${name}: `));
});

it.each([
  ['OUTBOUND_ALLOW', '127.0.0.1:9000, localhost:9001', 'http://127.0.0.1:9000'],
  ['KEY_ENCRYPTION_KEYS', `a:${'0'.repeat(64)},b:${'f'.repeat(64)}`, 'a'],
])('takes %s as a list, and nothing else', (name, good, bad) => {
  expect(parseEnv({ [name]: good })).toMatchObject({ [name]: good });
  expect(() => parseEnv({ [name]: bad })).toThrow(new RegExp(`^${name}: `));
});
