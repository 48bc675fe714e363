import { Injectable } from '@nestjs/common';
import { binaryArray, plainArray } from '../../database/array-parameters.js';
import { WorkerPool } from '../../database/role-pool.js';
import type { TenantOutlook } from '../tenant-outlook.js';

/** Replaces what one worker says. $1 worker, $2 tenants, $3 outlooks. What nobody renews goes too: its worker died. */
const REPLACE = `
with gone as (
  delete from maru.queue_outlooks o
   where (o.worker = $1 and o.tenant_id <> all ($2::uuid[])) or o.at < now() - interval '1 minute')
insert into maru.queue_outlooks as o (tenant_id, worker, at, outlook)
select t, $1, clock_timestamp(), j from unnest($2::uuid[], $3::json[]) n(t, j)
on conflict (tenant_id, worker) do update set at = excluded.at, outlook = excluded.outlook`;

/** Writes the outlooks as maru_worker. */
@Injectable()
export class OutlooksRepository {
  constructor(private readonly pool: WorkerPool) {}

  /** From now on this worker says exactly this. */
  async replace(
    workerId: number,
    tenants: readonly { readonly tenantId: string; readonly outlook: TenantOutlook }[],
  ): Promise<void> {
    await this.pool.query({
      name: 'queue-outlooks-replace',
      text: REPLACE,
      values: [
        workerId,
        plainArray(tenants.map(({ tenantId }) => tenantId)),
        binaryArray(
          'json',
          tenants.map(({ outlook }) => JSON.stringify(outlook)),
        ),
      ],
    });
  }
}
