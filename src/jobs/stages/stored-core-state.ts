import { Injectable } from '@nestjs/common';
import { WorkerPool } from '../../database/role-pool.js';
import { CoreStateStore } from '../../gpu-scheduler/core-state-store.js';
import type { CoreState } from '../../gpu-scheduler/fairfit/events.js';
import { processName, processPlace } from '../duties/process-place.js';

/** The newest of this place, else of any: who is ahead of its share is so everywhere, and devices of a class run alike. */
const LOAD = `
select state from maru.scheduler_states where saved_at > now() - interval '1 day'
 order by (place = $1) desc, saved_at desc limit 1`;
const SAVE = `
with old as (delete from maru.scheduler_states where saved_at < now() - interval '1 day' and name <> $1)
insert into maru.scheduler_states as s (name, place, saved_at, state) values ($1, $2, clock_timestamp(), $3)
on conflict (name) do update set saved_at = excluded.saved_at, state = excluded.state`;

/** Adapter of the scheduler's port: one row per worker process. */
@Injectable()
export class StoredCoreState extends CoreStateStore {
  constructor(private readonly pool: WorkerPool) {
    super();
  }

  async load(): Promise<unknown> {
    const { rows } = await this.pool.query<{ state: unknown }>(LOAD, [placeName()]);
    return rows[0]?.state ?? null;
  }

  async save(state: CoreState): Promise<void> {
    await this.pool.query(SAVE, [processName(), placeName(), JSON.stringify(state)]);
  }
}

function placeName(): string {
  return processPlace() ?? 'elsewhere';
}
