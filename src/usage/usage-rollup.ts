import { Injectable } from '@nestjs/common';
import { inTransaction } from '../database/in-transaction.js';
import { WorkerPool } from '../database/role-pool.js';

/** An entry is committed within this time of its `at`: a worker's statement ends after 15 s at the latest. */
const SETTLED = '60 s';
const STATEMENT_MS = 120_000;

/** The next hour, from `through`, that has entries; nothing when there is none that has settled, or another worker is at it. */
const NEXT = `
  select r.through, least(date_trunc('hour', n.at) + interval '1 hour', now() - interval '${SETTLED}') as stop
    from (select through from maru.usage_rollup for update skip locked) r
   cross join lateral (select min(l.at) as at from maru.usage_ledger l where l.at >= r.through and l.at < now() - interval '${SETTLED}') n
   where n.at is not null`;
/** $1 from, $2 to (exclusive). */
const ADD_UP = `
  insert into maru.usage_hours as h (tenant_id, hour, analyzer, created_by, currency, jobs, units, device_us, amount)
  select l.tenant_id, date_trunc('hour', l.at), coalesce(j.analyzer_slug, ''), coalesce(j.created_by, ''), coalesce(p.currency, ''),
         count(*), sum(l.units), sum(l.device_us), coalesce(sum(l.units * p.unit_price), 0)
    from maru.usage_ledger l
    left join maru.jobs j on j.tenant_id = l.tenant_id and j.id = l.job_id
    left join lateral maru.price_at(l.tenant_id, l.at) p on true
   where l.at >= $1 and l.at < $2
   group by 1, 2, 3, 4, 5
  on conflict (tenant_id, hour, analyzer, created_by, currency) do update
    set jobs = h.jobs + excluded.jobs, units = h.units + excluded.units, device_us = h.device_us + excluded.device_us, amount = h.amount + excluded.amount`;
const MOVE = `update maru.usage_rollup set through = $1`;

/**
 * Adds the ledger up by the hour, exactly once: what was added and how far it went commit together. Until then reads add
 * the rest up themselves.
 */
@Injectable()
export class UsageRollup {
  constructor(private readonly pool: WorkerPool) {}

  /** @returns rows of hours that were written */
  async run(): Promise<{ hours: number }> {
    for (let hours = 0; ;) {
      const written = await this.addUpNext();
      if (written === null) return { hours };
      hours += written;
    }
  }

  private addUpNext(): Promise<number | null> {
    return inTransaction(this.pool, async (client) => {
      await client.query(`set local statement_timeout = ${STATEMENT_MS}; set local enable_sort = on`);
      const [next] = (await client.query<{ through: Date; stop: Date }>(NEXT)).rows;
      if (!next) return null;
      const values = [next.through, next.stop];
      const query = { text: ADD_UP, values, query_timeout: STATEMENT_MS + 10_000 };
      const { rowCount } = await client.query(query);
      await client.query(MOVE, [next.stop]);
      return rowCount ?? 0;
    });
  }
}
