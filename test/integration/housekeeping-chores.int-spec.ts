import { Injectable, Logger, Module } from '@nestjs/common';
import { expect, it, vi } from 'vitest';
import { DatabaseCareModule } from '../../src/database/care/database-care.module.js';
import { PartitionKeeper } from '../../src/database/care/partition-keeper.js';
import { JobRetention } from '../../src/jobs/retention/job-retention.js';
import { JobRetentionModule } from '../../src/jobs/retention/job-retention.module.js';
import { Housekeeping } from '../../src/side-work/housekeeping.js';
import { SideWorkModule } from '../../src/side-work/side-work.module.js';
import { databaseModule } from '../support/database-module.js';
import { query } from '../support/job-fixtures.js';
import { storedTenant } from '../support/jobs-http.js';
import { insertOldJob } from '../support/old-jobs.js';
import { until } from '../support/signals.js';

@Injectable()
class Broken {
  readonly name = 'broken';
  run(): Promise<object> {
    return Promise.reject(new Error('out of paper'));
  }
}

@Module({ providers: [Broken], exports: [Broken] })
class BrokenModule {}

it('does the chores as the worker binds them; one that fails is named and holds no other up', async () => {
  const tenant = await storedTenant();
  const job = await insertOldJob(tenant, { submitted: 40, ended: 39 });
  const newest = (await newestPart())!;
  await query(`drop table maru.${newest}`);
  const error = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
  const sideWork = SideWorkModule.forRoot({
    imports: [BrokenModule, JobRetentionModule],
    chores: [Broken, PartitionKeeper, JobRetention],
  });
  const room = await databaseModule(DatabaseCareModule, sideWork);
  try {
    const { chores } = await room.get(Housekeeping, { strict: false }).run();
    // BullMQ starts a round of its own at the same time: either may have done the work.
    expect(chores).toMatchObject({ broken: null, partitions: { dropped: [] }, retention: { more: false } });
    expect(error).toHaveBeenCalledWith(expect.stringMatching(/"broken".*next round.*out of paper/));
    await until(
      async () => (await query('select 1 from maru.jobs where id = $1 and erased_at is not null', [job])).length > 0,
    );
    await until(async () => (await newestPart()) === newest);
  } finally {
    error.mockRestore();
    await room.close();
  }
});

async function newestPart(): Promise<string | undefined> {
  const rows = await query<{ part: string }>(
    `select part from maru.partitions() where table_name = 'job_feed' order by starts desc limit 1`,
  );
  return rows[0]?.part;
}
