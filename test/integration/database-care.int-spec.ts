import { Logger } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { QueueVacuum } from '../../src/database/care/queue-vacuum.js';
import { PartitionKeeper } from '../../src/database/care/partition-keeper.js';
import { XminAlarm } from '../../src/database/care/xmin-alarm.js';
import { WorkerPool } from '../../src/database/role-pool.js';
import { databaseModule } from '../support/database-module.js';
import { query } from '../support/job-fixtures.js';
import { insertQueuedJobs } from '../support/job-rows.js';
import { newUuid } from '../../src/common/ids.js';
import { until } from '../support/signals.js';

class Care {}
const PROVIDERS = [PartitionKeeper, QueueVacuum, XminAlarm];

let room: TestingModule;
beforeAll(async () => {
  room = await databaseModule({ module: Care, providers: PROVIDERS });
});
afterAll(() => room.close());

async function connected(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL, application_name: 'nightly report' });
  await client.connect();
  return client;
}

describe('queue tables', () => {
  it('are vacuumed when that is worth it, by the role of the worker', async () => {
    const vacuum = room.get(QueueVacuum, { strict: false });
    expect(await vacuum.run()).toEqual([]);
    const tenant = newUuid();
    await insertQueuedJobs(tenant, 3_000);
    await query('delete from maru.job_queue where tenant_id = $1', [tenant]);
    const [before] = await query<{ bytes: string }>(`select pg_relation_size('maru.job_queue')::text as bytes`);
    await until(async () => (await vacuum.run()).includes('maru.job_queue'));
    const [after] = await query<{ bytes: string }>(`select pg_relation_size('maru.job_queue')::text as bytes`);
    expect(Number(before!.bytes)).toBeGreaterThan(500_000);
    expect(Number(after!.bytes)).toBeLessThan(Number(before!.bytes) / 2);
    expect(await vacuum.run()).toEqual([]);
  });
});

describe('an old snapshot', () => {
  const someWrite = () =>
    query('create table if not exists public.t (i int)').then(() => query('insert into public.t values (1)'));

  it('is reported with its holder and what to do, once, and when it is gone', async () => {
    const alarm = room.get(XminAlarm, { strict: false });
    const [warn, log] = [vi.spyOn(Logger.prototype, 'warn'), vi.spyOn(Logger.prototype, 'log')];
    const holder = await connected();
    try {
      await holder.query('begin isolation level repeatable read');
      const { pid } = (await holder.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!;
      await someWrite();
      expect(await alarm.look(0)).toMatchObject({ alarm: false, seesAll: true });
      expect(await alarm.look(59_000)).toMatchObject({ alarm: false, oldestXminMs: 59_000 });
      expect(warn).not.toHaveBeenCalled();
      const status = await alarm.look(60_000);
      expect(status).toMatchObject({
        alarm: true,
        oldestXminMs: 60_000,
        holder: { kind: 'session', name: 'nightly report', pid, state: 'idle in transaction', since: expect.any(Date) },
      });
      expect(alarm.status).toEqual(status);
      await alarm.look(70_000);
      expect(warn).toHaveBeenCalledTimes(1);
      const line = String(warn.mock.calls[0]![0]);
      for (const part of ['for 60 s', 'session "nightly report"', `pid ${pid}`, `pg_terminate_backend(${pid})`]) {
        expect(line).toContain(part);
      }
    } finally {
      await holder.end();
    }
    await until(async () => !(await alarm.look(80_000)).alarm);
    expect(log).toHaveBeenCalledWith(expect.stringContaining('the old snapshot is gone'));
    vi.restoreAllMocks();
  });

  it('is one of a transaction that only wrote, too', async () => {
    const alarm = new XminAlarm(room.get(WorkerPool, { strict: false }));
    const writer = await connected();
    try {
      await writer.query('begin');
      await writer.query('create temporary table mine (i int)');
      await someWrite();
      await alarm.look(0);
      expect(await alarm.look(61_000)).toMatchObject({ alarm: true, holder: { name: 'nightly report' } });
    } finally {
      await writer.end();
    }
  });

  it('that nothing has happened since disturbs nobody', async () => {
    const alarm = new XminAlarm(room.get(WorkerPool, { strict: false }));
    await someWrite();
    const holder = await connected();
    try {
      await holder.query('begin isolation level repeatable read');
      await holder.query('select 1');
      await alarm.look(0);
      const [xid] = await query<{ next: string }>('select pg_snapshot_xmax(pg_current_snapshot())::text as next');
      const status = await alarm.look(61_000);
      const [again] = await query<{ next: string }>('select pg_snapshot_xmax(pg_current_snapshot())::text as next');
      if (xid!.next === again!.next) expect(status).toMatchObject({ alarm: false, oldestXminMs: 0 });
      else expect(status.holder).not.toBeNull(); // another test file of this server took an id meanwhile
    } finally {
      await holder.end();
    }
  });
});
