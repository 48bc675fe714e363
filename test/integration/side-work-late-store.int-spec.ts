import { Worker } from 'bullmq';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { TestingModule } from '@nestjs/testing';
import { QueuePool } from '../../src/database/role-pool.js';
import { postgresBackend } from '../../src/side-work/postgres-backend.js';
import { databaseModule } from '../support/database-module.js';

let module: TestingModule;
let pool: QueuePool;
beforeAll(async () => {
  module = await databaseModule();
  pool = module.get(QueuePool);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => module.close());

const connection = () => pool as unknown as { url: string };
const awayOnce = () =>
  vi
    .spyOn(pool, 'connect')
    .mockImplementationOnce(() => Promise.reject(new Error('Connection terminated unexpectedly')));

it('looks again when the server was away at its first look', async () => {
  awayOnce();
  const backend = postgresBackend('late', { connection: connection() });
  await expect(backend.waitUntilReady()).rejects.toThrow('terminated');
  await backend.waitUntilReady();
  await backend.close();
});

it('a worker that started while it was away comes to work, and does not spin until then', async () => {
  awayOnce();
  const errors: Error[] = [];
  const worker = new Worker(
    'late',
    async () => undefined,
    { connection: connection(), concurrency: 1 },
    postgresBackend,
  );
  worker.on('error', (error) => errors.push(error));
  await vi.waitUntil(
    () =>
      worker.waitUntilReady().then(
        () => true,
        () => false,
      ),
    { timeout: 15_000 },
  );
  expect(errors.length).toBeLessThan(10);
  await worker.close();
});
