import type { TestingModule } from '@nestjs/testing';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid } from '../../src/common/ids.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { adminQuery } from '../support/admin-query.js';
import { databaseModule } from '../support/database-module.js';
import { pick, seededRandom } from '../support/seeded-random.js';

const OPERATIONS = 2_000;
const FLOWS = 32; // over a pool of 5: connections change hands all the time
const TENANTS = Array.from({ length: 8 }, newUuid);
const SEED = 20_261_123;

const INSERT = 'insert into maru.probe_items (tenant_id, id, body) values ($1, $2, $3)';
const READ_ALL = 'select tenant_id, body from maru.probe_items';

interface Item extends pg.QueryResultRow {
  tenant_id: string;
  body: string;
}
type Operation = (db: TenantDb, own: string, foreign: string) => Promise<Item[]>;

/** Every way in which a transaction can begin and end. Each returns rows that must be the tenant's own. */
const OPERATION_KINDS: Record<string, Operation> = {
  read: (db, own) => db.run(own, (m) => m.query(READ_ALL)),
  readPipelined: (db, own) => db.one<Item>(own, { text: READ_ALL }),
  write: (db, own) =>
    db.run(own, async (m) => {
      await m.query(INSERT, [own, newUuid(), own]);
      return m.query(READ_ALL);
    }),
  writePipelined: async (db, own) => {
    await db.one(own, { text: INSERT, values: [own, newUuid(), own] });
    return [];
  },
  nested: (db, own) => db.run(own, () => db.run(own, () => db.manager.query(READ_ALL))),
  writeForeign: (db, own, foreign) =>
    refused(
      '42501',
      db.run(own, (m) => m.query(INSERT, [foreign, newUuid(), own])),
    ),
  writeForeignPipelined: (db, own, foreign) =>
    refused('42501', db.one(own, { text: INSERT, values: [foreign, newUuid(), own] })),
  takeForeign: (db, own, foreign) =>
    db.run(own, async (m) => {
      const [, count] = await m.query(`update maru.probe_items set body = $1 where tenant_id = $2`, [own, foreign]);
      if (count !== 0) throw new Error(`LEAK: changed ${count} rows of another tenant`);
      return [];
    }),
  nestForeign: (db, own, foreign) =>
    refused(
      'internal-error',
      db.run(own, () => db.run(foreign, (m) => m.query(READ_ALL))),
    ),
  failAfterWrite: (db, own) =>
    refused(
      '22012',
      db.run(own, async (m) => {
        await m.query(INSERT, [own, newUuid(), 'rolled back']);
        await m.query('select 1 / 0');
      }),
    ),
  failPipelined: (db, own) => refused('22012', db.one(own, { text: 'select 1 / 0' })),
  loseConnection: (db, own) =>
    refused(
      '57P01',
      db.run(own, (m) => m.query('select pg_terminate_backend(pg_backend_pid())')),
    ),
};

async function refused(code: string, work: Promise<unknown>): Promise<Item[]> {
  const error = await work.then(
    () => null,
    (e: { code?: string }) => e,
  );
  if (error?.code !== code)
    throw new Error(`expected ${code}, got ${String(error?.code ?? 'success')}`, { cause: error });
  return [];
}

let module: TestingModule;

beforeAll(async () => {
  await adminQuery(
    process.env.DATABASE_URL as string,
    'set role maru_owner',
    `create table maru.probe_items (tenant_id uuid not null, id uuid not null, body text not null,
       constraint probe_items_pkey primary key (tenant_id, id))`,
    `call maru.isolate('maru.probe_items')`,
    'grant select, insert, update on maru.probe_items to maru_app',
    'reset role',
    'grant execute on function pg_terminate_backend(int, bigint) to maru_app',
  );
  module = await databaseModule();
});
afterAll(() => module.close());

describe('TenantDb under interleaving', () => {
  it(`leaks nothing in ${OPERATIONS} random operations of ${TENANTS.length} tenants`, async () => {
    const db = module.get(TenantDb);
    const next = seededRandom(SEED);
    const mix = Object.entries(OPERATION_KINDS).flatMap((kind) =>
      kind[0] === 'loseConnection' ? [kind] : Array(5).fill(kind),
    );
    const done = new Map<string, number>();
    let left = OPERATIONS;
    let rowsSeen = 0;

    const flow = async (): Promise<void> => {
      while (left-- > 0) {
        const own = pick(next, TENANTS);
        const [name, operation] = pick<[string, Operation]>(next, mix);
        const others = TENANTS.filter((t) => t !== own);
        const rows = await operation(db, own, pick(next, others));
        const leaks = rows.filter((r) => r.tenant_id !== own || r.body !== own);
        expect(leaks, `seed ${SEED}, operation ${name}`).toEqual([]);
        rowsSeen += rows.length;
        done.set(name, (done.get(name) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: FLOWS }, flow));

    expect([...done.values()].reduce((a, b) => a + b)).toBe(OPERATIONS);
    expect(done.size).toBe(Object.keys(OPERATION_KINDS).length);
    expect(rowsSeen).toBeGreaterThan(OPERATIONS); // the check had something to look at
  });
});
