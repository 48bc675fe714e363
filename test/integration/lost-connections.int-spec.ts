import type { TestingModule } from '@nestjs/testing';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid } from '../../src/common/ids.js';
import { WorkerPool } from '../../src/database/role-pool.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { databaseModule } from '../support/database-module.js';

/** Without a listener on a connection in use, its reset is an uncaught error: vitest would fail the whole file. */
describe('a connection that is reset while it is in use', () => {
  let module: TestingModule;
  beforeAll(async () => {
    module = await databaseModule();
  });
  afterAll(() => module.close());

  const reset = (client: pg.PoolClient) =>
    (
      client as unknown as { connection: { stream: NodeJS.WritableStream & { destroy(error: Error): void } } }
    ).connection.stream.destroy(new Error('ECONNRESET'));

  it('ends no process, and the pool of a role goes on with another', async () => {
    const pool = module.get(WorkerPool);
    const client = await pool.connect();
    await client.query('begin');
    reset(client);
    await expect(client.query('commit')).rejects.toThrow(/not queryable|ECONNRESET|terminated/);
    client.release(true);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('ends no process in the middle of a one-statement transaction', async () => {
    const pool = (module.get(DataSource).driver as unknown as { master: pg.Pool }).master;
    pool.once('acquire', (client: pg.PoolClient) => setImmediate(() => reset(client)));
    const db = module.get(TenantDb);
    await expect(db.one(newUuid(), { text: 'select pg_sleep(5)' })).rejects.toThrow(/ECONNRESET|terminated/);
    expect(await db.one(newUuid(), { text: 'select 1 as one' })).toEqual([{ one: 1 }]);
  });
});
