import { Injectable } from '@nestjs/common';
import { PlatformPool } from '../database/role-pool.js';
import type { SchedulerStats } from '../gpu-scheduler/scheduler-stats.js';

/** What living workers wrote with their last heartbeat. */
@Injectable()
export class WorkerStatsRepository {
  constructor(private readonly pool: PlatformPool) {}

  /** One entry per worker with a valid lease; a worker before its first heartbeat has null. */
  async living(): Promise<(SchedulerStats | null)[]> {
    const { rows } = await this.pool.query<{ stats: SchedulerStats | null }>(
      'select stats from maru.workers where not dead and lease_until > clock_timestamp() order by id',
    );
    return rows.map((row) => row.stats);
  }
}
