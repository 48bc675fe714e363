import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import { adminQuery, databaseUrl } from './admin-query.js';
import { TEST_MASTER_KEY } from './test-key.js';

/** Every test file gets a database and a data directory of its own; both are gone afterwards. */
const serverUrl = inject('serverUrl');
const database = `maru_test_${process.pid}_${randomBytes(4).toString('hex')}`;
const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'maru-data-'));

await adminQuery(serverUrl, `create database ${database} template ${inject('templateDatabase')}`);
Object.assign(process.env, {
  NODE_ENV: 'test',
  DATABASE_URL: databaseUrl(serverUrl, database),
  DATA_DIR: dataDir,
  MARU_MASTER_KEY: TEST_MASTER_KEY,
  LOG_LEVEL: 'warn',
  PUBLIC_REQUESTS_PER_MINUTE: '1000000',
});

afterAll(async () => {
  await adminQuery(serverUrl, `drop database ${database} with (force)`);
  fs.rmSync(dataDir, { recursive: true, force: true });
});
