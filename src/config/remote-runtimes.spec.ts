import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readRemoteRuntimes } from './remote-runtimes.js';

const SERVER = {
  name: 'triton',
  baseUrl: 'http://10.0.0.7:8000',
  dialect: 'oip',
  headers: { Authorization: 'Bearer hunter2' },
  models: [{ name: 'leaf', maxBatchSize: 16 }],
};

it('reads servers from the variable or from the file that it names, with defaults', () => {
  const expected = [
    { ...SERVER, maxInFlight: 1, ca: null, models: [{ name: 'leaf', maxBatchSize: 16, buckets: null }] },
  ];
  expect(readRemoteRuntimes(JSON.stringify([SERVER]))).toEqual(expected);
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'remote-runtimes-')), 'servers.json');
  fs.writeFileSync(file, JSON.stringify([SERVER]));
  expect(readRemoteRuntimes(file)).toEqual(expected);
  fs.rmSync(path.dirname(file), { recursive: true });
  expect([readRemoteRuntimes(undefined), readRemoteRuntimes('')]).toEqual([[], []]);
});

it.each([
  ['{', /no file/],
  ['[{', /not JSON/],
  [JSON.stringify([{ ...SERVER, baseUrl: 'ftp://a' }]), /baseUrl/],
  [JSON.stringify([{ ...SERVER, dialect: 'grpc' }]), /dialect/],
  [JSON.stringify([{ ...SERVER, models: [] }]), /models/],
  [JSON.stringify([{ ...SERVER, password: 'hunter2' }]), /password/],
  [JSON.stringify([SERVER, SERVER]), /the name triton is used twice/],
  [JSON.stringify([SERVER, { ...SERVER, name: 'other' }]), /the name leaf is used twice/],
])('refuses %s and shows no value', (value, message) => {
  const read = () => readRemoteRuntimes(value);
  expect(read).toThrow(message);
  expect(read).not.toThrow(/hunter2/);
});
