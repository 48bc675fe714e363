import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { publicId } from '../../src/common/ids.js';
import { FileStore } from '../../src/files/file-store.js';
import { JobRetention } from '../../src/jobs/retention/job-retention.js';
import { JobRetentionModule } from '../../src/jobs/retention/job-retention.module.js';
import { databaseModule } from '../support/database-module.js';
import { query } from '../support/job-fixtures.js';
import { storedTenant } from '../support/jobs-http.js';
import { DAY_MS, endOldJob, insertOldJob, uuidOfDaysAgo } from '../support/old-jobs.js';

let room: TestingModule;
let retention: JobRetention;
let store: FileStore;
beforeAll(async () => {
  room = await databaseModule(JobRetentionModule);
  retention = room.get(JobRetention, { strict: false });
  store = room.get(FileStore, { strict: false });
});
afterAll(() => room.close());
beforeEach(() =>
  query(
    'truncate maru.jobs, maru.job_ends, maru.job_queue, maru.job_retention, maru.job_retention_late, maru.files, maru.job_files',
  ),
);

const tenantKeeping = async (days: number) => {
  const tenant = await storedTenant();
  await query('update maru.tenants set retention_days = $2 where id = $1', [tenant, days]);
  return tenant;
};
/** Which of these jobs have lost input and result and say so. */
const erasedOf = async (ids: string[]) => {
  const rows = await query<{ id: string }>(
    `select j.id from maru.jobs j left join maru.job_ends e using (tenant_id, id)
      where j.id = any ($1) and j.erased_at is not null and j.input is null and e.result is null`,
    [ids],
  );
  return ids.map((id) => rows.some((row) => row.id === id));
};
const storedFile = async (tenant: string, daysAgo: number, purpose = 'job_input') => {
  const id = uuidOfDaysAgo(daysAgo);
  await store.put(tenant, id, Buffer.from('bytes'));
  await query(
    `insert into maru.files (tenant_id, id, purpose, name, mime_type, bytes, sha256) values ($1, $2, $3, 'f', 'text/plain', 5, $4)`,
    [tenant, id, purpose, '0'.repeat(64)],
  );
  return id;
};
const needs = (tenant: string, file: string, job: string) =>
  query('insert into maru.job_files values ($1, $2, $3)', [tenant, file, job]);
const rowsOf = async (...files: string[]) =>
  (await query<{ id: string }>('select id from maru.files where id = any ($1)', [files])).map((row) => row.id).sort();

describe('erasure on schedule', () => {
  it('erases what ended longer ago than its own tenant keeps it, and nothing else', async () => {
    const [week, quarter] = [await tenantKeeping(7), await tenantKeeping(90)];
    const old = await insertOldJob(week, { submitted: 9, ended: 8 });
    const young = await insertOldJob(week, { submitted: 5, ended: 4 });
    const justEnded = await insertOldJob(week, { submitted: 9, ended: 1 });
    const kept = await insertOldJob(quarter, { submitted: 9, ended: 8 });
    expect(await retention.run()).toMatchObject({ jobs: 1, more: false });
    expect(await erasedOf([old, young, justEnded, kept])).toEqual([true, false, false, false]);
    expect(await retention.run()).toMatchObject({ jobs: 0, more: false });
    const [timeline] = await query('select 1 from maru.job_timeline where job_id = $1', [old]);
    expect(timeline).toBeDefined();
  });

  it('comes back for jobs that had not ended when their time came, however many are behind them', async () => {
    const tenant = await tenantKeeping(7);
    const waiting = await insertOldJob(tenant, { submitted: 30, ended: null });
    const lately = await insertOldJob(tenant, { submitted: 29, ended: 1 });
    const behind = await insertOldJob(tenant, { submitted: 28, ended: 27 });
    await retention.run();
    expect(await erasedOf([waiting, lately, behind])).toEqual([false, false, true]);
    await endOldJob(tenant, waiting, 8);
    await query(`update maru.job_ends set finished_at = now() - interval '8 days' where id = $1`, [lately]);
    expect(await retention.run()).toMatchObject({ jobs: 2 });
    expect(await erasedOf([waiting, lately])).toEqual([true, true]);
    expect(await query('select 1 from maru.job_retention_late')).toEqual([]);
  });

  it('follows a shorter retention, and is not confused by a longer one', async () => {
    const tenant = await tenantKeeping(30);
    const job = await insertOldJob(tenant, { submitted: 20, ended: 19 });
    expect(await retention.run()).toMatchObject({ jobs: 0 });
    await query('update maru.tenants set retention_days = 10 where id = $1', [tenant]);
    expect(await retention.run()).toMatchObject({ jobs: 1 });
    await query('update maru.tenants set retention_days = 60 where id = $1', [tenant]);
    const later = await insertOldJob(tenant, { submitted: 5, ended: 4 });
    expect(await retention.run()).toMatchObject({ jobs: 0 });
    expect(await erasedOf([job, later])).toEqual([true, false]);
  });

  it('may run in two processes at once, over more than a slice', async () => {
    const tenants = [await tenantKeeping(7), await tenantKeeping(7)];
    for (const tenant of tenants) {
      await query(
        `with n as (select maru.uuid_floor(now() - interval '20 days' + g * interval '1 s') as id from generate_series(1, 1200) g),
              j as (insert into maru.jobs (tenant_id, id, analyzer_id, analyzer_slug, analyzer_version, priority, max_attempts, input_digest, input)
                    select $1, id, id, 'a', '1', 1, 1, 'd', '{}' from n)
         insert into maru.job_ends (tenant_id, id, status, attempt, seq, finished_at, result)
         select $1, id, 1, 1, 2, now() - interval '19 days', '{}' from n`,
        [tenant],
      );
    }
    const rounds = await Promise.all([retention.run(), retention.run(), retention.run()]);
    const last = await retention.run();
    expect(rounds.reduce((sum, round) => sum + round.jobs, last.jobs)).toBe(2400);
    const [left] = await query('select count(*)::int as n from maru.jobs where erased_at is null');
    expect(left).toEqual({ n: 0 });
  });

  it('stops when its time is over and goes on where it stopped', async () => {
    const tenant = await tenantKeeping(7);
    const job = await insertOldJob(tenant, { submitted: 9, ended: 8 });
    expect(await retention.run(0)).toMatchObject({ jobs: 0, more: true });
    expect(await retention.run()).toMatchObject({ jobs: 1, more: false });
    expect(await erasedOf([job])).toEqual([true]);
  });

  it('moves the marks of tenants without old jobs, so that old parts may go', async () => {
    const tenant = await tenantKeeping(7);
    await retention.run();
    const [mark] = await query<{ id: string }>(
      'select erased_through as id from maru.job_retention where tenant_id = $1',
      [tenant],
    );
    const at = Number.parseInt(mark!.id.replace('-', '').slice(0, 12), 16);
    expect(Math.abs(Date.now() - 7 * DAY_MS - at)).toBeLessThan(60_000);
  });
});

describe('files on schedule', () => {
  it('go with the last job that needs them, bytes and row', async () => {
    const tenant = await tenantKeeping(7);
    const file = await storedFile(tenant, 20);
    const input = { image: { fileId: publicId('file', file) }, note: { fileId: 'file_nonsense' }, threshold: 1 };
    const first = await insertOldJob(tenant, { submitted: 15, ended: 14, input });
    const second = await insertOldJob(tenant, { submitted: 6, ended: 5, input });
    await needs(tenant, file, first);
    await needs(tenant, file, second);
    expect(await retention.run()).toMatchObject({ jobs: 1, files: 0 });
    expect(await rowsOf(file)).toEqual([file]);
    await query('update maru.tenants set retention_days = 2 where id = $1', [tenant]);
    expect(await retention.run()).toMatchObject({ jobs: 1, files: 1 });
    expect([await rowsOf(file), await store.read(tenant, file)]).toEqual([[], null]);
  });

  it('go when nobody ever used them, after the time that jobs are kept', async () => {
    const tenant = await tenantKeeping(7);
    const [unused, young, needed] = [
      await storedFile(tenant, 8),
      await storedFile(tenant, 6),
      await storedFile(tenant, 8),
    ];
    const other = await storedFile(tenant, 8, 'job_output');
    await needs(tenant, needed, uuidOfDaysAgo(1));
    expect(await retention.run()).toMatchObject({ files: 1 });
    expect(await rowsOf(unused, young, needed, other)).toEqual([young, needed, other].sort());
    expect(await store.read(tenant, unused)).toBeNull();
    expect(await store.read(tenant, young)).not.toBeNull();
  });

  it('go when a process died between letting go of them and removing their bytes', async () => {
    const tenant = await tenantKeeping(7);
    const file = await storedFile(tenant, 1);
    await query(`update maru.files set status = 'expired' where id = $1`, [file]);
    expect(await retention.run()).toMatchObject({ files: 1 });
    expect([await rowsOf(file), await store.read(tenant, file)]).toEqual([[], null]);
  });
});
