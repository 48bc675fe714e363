import { getQueueToken } from '@nestjs/bullmq';
import type { Queue } from 'bullmq';
import { expect, it } from 'vitest';
import { SideWorkModule } from '../../src/side-work/side-work.module.js';
import { HOUSEKEEPING } from '../../src/side-work/housekeeping.processor.js';
import { adminQuery } from '../support/admin-query.js';
import { databaseModule } from '../support/database-module.js';
import { WorkerPool } from '../../src/database/role-pool.js';
import { newUuid } from '../../src/common/ids.js';
import { until } from '../support/signals.js';

it('runs housekeeping through BullMQ on PostgreSQL: old keys go, fresh ones stay', async () => {
  const insert = (key: string, age: string) =>
    `insert into maru.idempotency_keys values ('${newUuid()}', '${key}', 'f', '${newUuid()}', now() - interval '${age}')`;
  await adminQuery(process.env.DATABASE_URL!, insert('old', '26 hours'), insert('fresh', '1 hour'));
  const module = await databaseModule(SideWorkModule);
  try {
    await module.get<Queue>(getQueueToken(HOUSEKEEPING), { strict: false }).add('now', {});
    const pool = module.get(WorkerPool, { strict: false });
    const keys = async () =>
      (await pool.query<{ key: string }>('select key from maru.idempotency_keys')).rows.map((r) => r.key);
    await until(async () => !(await keys()).includes('old'), { timeoutMs: 20_000 });
    expect(await keys()).toEqual(['fresh']);
  } finally {
    await module.close();
  }
});
