import { Logger } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newUuid } from '../../src/common/ids.js';
import { PartitionKeeper } from '../../src/database/care/partition-keeper.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { databaseModule } from '../support/database-module.js';
import { query } from '../support/job-fixtures.js';
import { DAY_MS, insertOldJob } from '../support/old-jobs.js';

class Care {}
const TABLES = ['job_ends', 'job_feed', 'job_timeline', 'jobs', 'usage_ledger'];
const AHEAD_MS = 14 * DAY_MS;

let room: TestingModule;
let keeper: PartitionKeeper;
beforeAll(async () => {
  room = await databaseModule({ module: Care, providers: [PartitionKeeper] });
  keeper = room.get(PartitionKeeper, { strict: false });
});
afterAll(() => room.close());

interface Part {
  readonly table_name: string;
  readonly part: string;
  readonly starts: Date;
  readonly stops: Date;
}
const parts = (table?: string) =>
  query<Part>('select * from maru.partitions() where $1::text is null or table_name = $1 order by table_name, starts', [
    table ?? null,
  ]);
const dropAll = async () => {
  const names = (await parts()).map(({ part }) => `maru.${part}`);
  if (names.length > 0) await query(`drop table ${names.join(', ')}`);
};
/** A part of a week, as if it had been made long ago. */
const addWeek = (table: string, daysAgo: number) =>
  query(
    `select maru.add_partition($1, $1 || '_p' || to_char(w, 'YYYYMMDD'), maru.uuid_floor(w)::text, maru.uuid_floor(w + interval '7 days')::text)
       from date_trunc('week', now() - $2 * interval '1 day', 'UTC') w`,
    [table, daysAgo],
  );
const inParts = (id: string) =>
  query<{ part: string }>('select tableoid::regclass::text as part from maru.jobs where id = $1', [id]);

beforeEach(async () => {
  await query(
    'truncate maru.jobs, maru.job_ends, maru.job_timeline, maru.job_queue, maru.job_feed, maru.job_retention, maru.job_retention_late',
  );
  await dropAll();
});

describe('coming parts', () => {
  it('are there two weeks ahead, without a gap or an overlap, locked like their table', async () => {
    expect(await keeper.extend()).toBeGreaterThan(20);
    for (const table of TABLES) {
      const list = await parts(table);
      expect(list[0]!.starts.getTime()).toBeLessThan(Date.now());
      expect(list.at(-1)!.stops.getTime()).toBeGreaterThan(Date.now() + AHEAD_MS);
      for (const [i, part] of list.slice(1).entries()) expect(part.starts).toEqual(list[i]!.stops);
    }
    const open = await query(
      `select relname from pg_class c where relispartition and relnamespace = 'maru'::regnamespace and relkind = 'r'
         and not (relrowsecurity and relforcerowsecurity)`,
    );
    expect(open).toEqual([]);
    expect(await keeper.extend()).toBe(0);
  });

  it('cover every instant at the borders of weeks, days and months, whatever the time zone of the session', async () => {
    const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await client.connect();
    try {
      await client.query(`set timezone = 'America/Los_Angeles'`);
      await client.query(`select maru.extend_partitions(now() + interval '200 days')`);
    } finally {
      await client.end();
    }
    for (const table of TABLES) {
      const list = await parts(table);
      for (const [i, part] of list.slice(1).entries()) expect(part.starts).toEqual(list[i]!.stops);
      for (const part of list) expect(part.starts.toISOString()).toMatch(/T00:00:00.000Z$/);
      if (table === 'usage_ledger') for (const part of list) expect(part.starts.getUTCDate()).toBe(1);
      if (table === 'jobs') for (const part of list) expect(part.starts.getUTCDay()).toBe(1);
    }
    const [week] = await parts('jobs');
    const edge = (at: Date) => query<{ id: string }>('select maru.uuid_floor($1) as id', [at]);
    const insert = async (at: Date) => {
      const [{ id }] = (await edge(at)) as [{ id: string }];
      await query(
        `insert into maru.jobs (tenant_id, id, analyzer_id, analyzer_slug, analyzer_version, priority, max_attempts, input_digest) values ($1, $2, $2, 'a', '1', 1, 1, '')`,
        [newUuid(), id],
      );
      return (await inParts(id))[0]!.part;
    };
    expect(await insert(week!.starts)).toBe(`maru.${week!.part}`);
    expect(await insert(new Date(week!.stops.getTime() - 1))).toBe(`maru.${week!.part}`);
    expect(await insert(week!.stops)).not.toBe(`maru.${week!.part}`);
  });

  it('are made once by processes that try at once', async () => {
    await Promise.all([keeper.extend(), keeper.extend(), keeper.extend()]);
    await keeper.extend();
    const list = await parts();
    expect(new Set(list.map((p) => p.part)).size).toBe(list.length);
    expect(await keeper.extend()).toBe(0);
  });

  it('made too late take the rows of their time with them, and nobody reads them twice or sees a foreign one', async () => {
    const tenant = newUuid();
    await query(`insert into maru.job_feed (tenant_id, ids, seqs, ns) values ($1, '{}', '{}', '{}')`, [tenant]);
    const job = await insertOldJob(tenant, { submitted: 0, ended: 0 });
    expect((await inParts(job))[0]!.part).toBe('maru.jobs_other');
    await keeper.extend();
    expect((await inParts(job))[0]!.part).toMatch(/^maru\.jobs_p\d{8}$/);
    for (const table of TABLES) expect(await query(`select 1 from maru.${table}_other`)).toEqual([]);
    const db = room.get(TenantDb, { strict: false });
    const seen = (as: string) => db.one<{ id: string }>(as, { text: 'select id from maru.jobs' });
    expect(await seen(tenant)).toEqual([{ id: job }]);
    expect(await seen(newUuid())).toEqual([]);
    await insertOldJob(tenant, { submitted: 0, ended: 0 });
    expect(await seen(tenant)).toHaveLength(2);
    const [forced] = await query<{ n: number }>(
      `select count(*)::int as n from pg_class where relname like '%\\_other' and relnamespace = 'maru'::regnamespace and relkind = 'r' and relforcerowsecurity`,
    );
    expect(forced!.n).toBe(5);
  });

  it('fill the time for which nobody made any', async () => {
    await addWeek('jobs', 40);
    const job = await insertOldJob(newUuid(), { submitted: 20, ended: 19 });
    await keeper.extend();
    const list = await parts('jobs');
    expect(list[0]!.starts.getTime()).toBeLessThan(Date.now() - 40 * DAY_MS);
    for (const [i, part] of list.slice(1).entries()) expect(part.starts).toEqual(list[i]!.stops);
    expect((await inParts(job))[0]!.part).toMatch(/^maru\.jobs_p/);
  });

  it('wait for a dump no longer than half a second, say so, and come with the next round', async () => {
    const dump = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await dump.connect();
    const error = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    try {
      await dump.query('begin');
      await dump.query('lock table maru.jobs in access share mode');
      await keeper.extendOrWarn();
      expect(error).toHaveBeenCalledWith(expect.stringMatching(/lock timeout.*\*_other/s));
      expect(await parts('jobs')).toEqual([]);
      expect((await parts('job_ends')).length).toBeGreaterThan(0); // one failing table does not undo the others
    } finally {
      await dump.end();
      error.mockRestore();
    }
    expect(await keeper.extendOrWarn()).toBeGreaterThan(0);
    expect((await parts('jobs')).length).toBeGreaterThan(0);
  });
});

describe('old parts', () => {
  const JOB_TABLES = ['jobs', 'job_timeline', 'job_ends'];
  const oldWeeks = async (...daysAgo: number[]) => {
    for (const days of daysAgo) for (const table of JOB_TABLES) await addWeek(table, days);
  };
  const settle = (tenant: string, daysAgo: number) =>
    query(`insert into maru.job_retention values ($1, maru.uuid_floor(now() - $2 * interval '1 day'))`, [
      tenant,
      daysAgo,
    ]);
  const left = async (...ids: string[]) => Promise.all(ids.map(async (id) => (await inParts(id)).length > 0));

  it('go with their history when all of it has ended and was erased; younger ones stay', async () => {
    await oldWeeks(430, 500, 380);
    const tenant = newUuid();
    const [old, older, young] = [
      await insertOldJob(tenant, { submitted: 430, ended: 429 }),
      await insertOldJob(tenant, { submitted: 500, ended: 499 }),
      await insertOldJob(tenant, { submitted: 380, ended: 379 }),
    ];
    await settle(tenant, 30);
    expect((await keeper.drop()).filter((part) => part.startsWith('jobs_p'))).toHaveLength(2);
    expect(await left(old, older, young)).toEqual([false, false, true]);
    for (const table of ['job_timeline', 'job_ends']) {
      const key = table === 'job_ends' ? 'id' : 'job_id';
      expect(await query(`select ${key} as id from maru.${table}`)).toEqual([{ id: young }]);
    }
    expect(await keeper.drop()).toEqual([]);
  });

  it('stay while a job of their time, or of an earlier one, still waits', async () => {
    await oldWeeks(430, 450, 500);
    const tenant = newUuid();
    const waiting = await insertOldJob(tenant, { submitted: 450, ended: null });
    const before = await insertOldJob(tenant, { submitted: 500, ended: 499 });
    const after = await insertOldJob(tenant, { submitted: 430, ended: 429 });
    await settle(tenant, 30);
    await keeper.drop();
    expect(await left(before, waiting, after)).toEqual([false, true, true]);
    await query('delete from maru.job_queue where id = $1', [waiting]);
    await keeper.drop();
    expect(await left(waiting, after)).toEqual([false, false]);
  });

  it('stay while a tenant keeps its data longer, or an erasure is due', async () => {
    await oldWeeks(430);
    const [long, short] = [newUuid(), newUuid()];
    const job = await insertOldJob(long, { submitted: 430, ended: 429 });
    await settle(short, 7);
    await settle(long, 1_000);
    expect(await keeper.drop()).toEqual([]);
    await query('delete from maru.job_retention where tenant_id = $1', [long]);
    await query('insert into maru.job_retention_late values ($1, $2)', [long, job]);
    expect(await keeper.drop()).toEqual([]);
    await query('delete from maru.job_retention_late');
    expect(await keeper.drop()).toHaveLength(3);
  });

  it('stay when nothing was ever erased', async () => {
    await oldWeeks(430);
    expect(await keeper.drop()).toEqual([]);
  });

  it('of the event log go after 30 days; the ledger stays', async () => {
    await query(
      `select maru.add_partition('job_feed', 'job_feed_p' || to_char(d, 'YYYYMMDD'), d::text, (d + interval '1 day')::text),
              maru.add_partition('usage_ledger', 'usage_ledger_p' || to_char(m, 'YYYYMMDD'), maru.uuid_floor(m)::text, maru.uuid_floor(m + interval '1 month')::text)
         from date_trunc('day', now() - interval '33 days', 'UTC') d, date_trunc('month', now() - interval '900 days', 'UTC') m`,
    );
    expect(await keeper.drop()).toEqual([expect.stringMatching(/^job_feed_p/)]);
    expect(await parts('usage_ledger')).toHaveLength(1);
  });

  it('are dropped by one of two processes at once', async () => {
    await oldWeeks(430, 440, 450);
    await settle(newUuid(), 30);
    const dropped = (await Promise.all([keeper.drop(), keeper.drop()])).flat();
    dropped.push(...(await keeper.drop()));
    expect(new Set(dropped).size).toBe(dropped.length);
    expect(dropped).toHaveLength(9);
    expect(await parts()).toEqual([]);
  });
});
