import type { TestingModule } from '@nestjs/testing';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid } from '../../src/common/ids.js';
import { TenantScopeError } from '../../src/database/database.errors.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { adminQuery } from '../support/admin-query.js';
import { databaseModule } from '../support/database-module.js';

const url = process.env.DATABASE_URL as string;
const [A, B] = [newUuid(), newUuid()];
const INSERT = 'insert into maru.probe_items (tenant_id, id, body) values ($1, $2, $3)';
const READ_ALL = 'select tenant_id, id, body from maru.probe_items';

interface Item extends pg.QueryResultRow {
  tenant_id: string;
  id: string;
  body: string;
}

let module: TestingModule;
let db: TenantDb;
let dataSource: DataSource;

beforeAll(async () => {
  await adminQuery(
    url,
    'set role maru_owner',
    `create table maru.probe_items (tenant_id uuid not null, id uuid not null, body text not null,
       constraint probe_items_pkey primary key (tenant_id, id))`,
    `call maru.isolate('maru.probe_items')`,
    'grant select, insert, update, delete on maru.probe_items to maru_app',
  );
  module = await databaseModule();
  db = module.get(TenantDb);
  dataSource = module.get(DataSource);
  for (const tenant of [A, B]) await db.run(tenant, (m) => m.query(INSERT, [tenant, newUuid(), tenant]));
});
afterAll(() => module.close());

describe('row-level security', () => {
  it('shows nothing without a tenant, also on a connection that had one', async () => {
    const client = await (dataSource.driver as unknown as { master: pg.Pool }).master.connect();
    try {
      await client.query(`begin; select set_config('maru.tenant_id', '${A}', true); commit`);
      const { rows } = await client.query(`select current_setting('maru.tenant_id', true) as setting`);
      expect(rows).toEqual([{ setting: '' }]); // the trap: not null
      expect((await client.query(READ_ALL)).rows).toEqual([]);
      await expect(client.query(INSERT, [A, newUuid(), 'x'])).rejects.toMatchObject({ code: '42501' });
    } finally {
      client.release();
    }
  });

  it('cannot be switched off by the application role', async () => {
    await expect(
      db.run(A, async (m) => {
        await m.query('set local row_security = off');
        return m.query(READ_ALL);
      }),
    ).rejects.toMatchObject({ code: '42501' });
    await expect(
      db.run(A, (m) => m.query('alter table maru.probe_items disable row level security')),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('shows the owner of the table nothing either', async () => {
    await adminQuery(
      url,
      'set role maru_owner',
      `do $$ begin if exists (select from maru.probe_items) then raise exception 'rows are visible'; end if; end $$`,
    );
  });
});

describe('TenantDb.run', () => {
  it('reads and writes one tenant', async () => {
    const rows = await db.run(A, () => db.manager.query<Item[]>(READ_ALL));
    expect(rows.map((r) => r.tenant_id)).toEqual([A]);
    await expect(db.run(A, (m) => m.query(INSERT, [B, newUuid(), 'x']))).rejects.toMatchObject({ code: '42501' });
    expect(await db.run(A, (m) => m.query('delete from maru.probe_items where tenant_id = $1', [B]))).toEqual([[], 0]);
  });

  it('joins a nested call of the same tenant and refuses another one', async () => {
    const id = newUuid();
    const undone = db.run(A, async (m) => {
      await db.run(A, (inner) => inner.query(INSERT, [A, id, 'nested']));
      expect(await m.query('select 1 as one from maru.probe_items where id = $1', [id])).toEqual([{ one: 1 }]);
      await db.run(B, () => Promise.resolve());
    });
    await expect(undone).rejects.toThrow(TenantScopeError);
    expect(await db.one(A, { text: `${READ_ALL} where id = $1`, values: [id] })).toEqual([]);
  });

  it('refuses what is not a uuid, and a manager outside a transaction', async () => {
    await expect(db.run(`${A}' or true`, () => Promise.resolve())).rejects.toThrow(TenantScopeError);
    await expect(db.one('', { text: READ_ALL })).rejects.toThrow(TenantScopeError);
    expect(() => db.manager).toThrow(TenantScopeError);
  });

  it('runs hooks after the commit and never after a rollback', async () => {
    const seen: string[] = [];
    const id = newUuid();
    await db.run(A, async (m) => {
      db.afterCommit(async () => {
        const rows = await db.one(A, { text: `${READ_ALL} where id = $1`, values: [id] });
        seen.push(`committed ${rows.length}`);
      });
      await m.query(INSERT, [A, id, 'x']);
      seen.push('work');
    });
    const failing = db.run(A, () => {
      db.afterCommit(() => seen.push('never'));
      return Promise.reject(new Error('no'));
    });
    await expect(failing).rejects.toThrow('no');
    expect(seen).toEqual(['work', 'committed 1']);
  });

  it('starts afresh for work that outlives its transaction', async () => {
    let release = () => {};
    const ended = new Promise<void>((resolve) => (release = resolve));
    let late: Promise<unknown> | undefined;
    await db.run(A, () => {
      late = ended.then(() => db.run(A, (m) => m.query('select 1 as one')));
      return Promise.resolve();
    });
    release();
    expect(await late).toEqual([{ one: 1 }]);
  });

  it('drops a connection whose rollback failed', async () => {
    let pid = 0;
    const broken = db.run(A, async (m) => {
      [{ pid }] = await m.query('select pg_backend_pid() as pid');
      const runner = m.queryRunner!;
      const query = runner.query.bind(runner);
      runner.query = (sql: string, ...rest: unknown[]) =>
        sql === 'ROLLBACK' ? Promise.reject(new Error('rollback failed')) : query(sql, ...(rest as []));
      throw new Error('work failed');
    });
    await expect(broken).rejects.toThrow('work failed');
    const pids = await Promise.all(
      Array.from({ length: 20 }, () => db.one<{ pid: number }>(B, { text: 'select pg_backend_pid() as pid' })),
    );
    expect(pid).toBeGreaterThan(0);
    expect(pids.flat().map((r) => r.pid)).not.toContain(pid);
  });
});

describe('TenantDb.one', () => {
  it('answers in one tenant and keeps the connection usable after a failed statement', async () => {
    expect((await db.one<Item>(B, { text: READ_ALL })).every((r) => r.tenant_id === B)).toBe(true);
    for (let i = 0; i < 20; i++) {
      await expect(db.one(A, { text: 'select 1 / 0' })).rejects.toMatchObject({ code: '22012' });
    }
    expect((await db.one<Item>(A, { text: READ_ALL })).every((r) => r.tenant_id === A)).toBe(true);
  });

  it('commits what it wrote', async () => {
    const id = newUuid();
    await db.one(A, { text: INSERT, values: [A, id, 'x'] });
    expect(await db.one(A, { text: `${READ_ALL} where id = $1`, values: [id] })).toHaveLength(1);
    expect(await db.one(B, { text: `${READ_ALL} where id = $1`, values: [id] })).toHaveLength(0);
  });
});
