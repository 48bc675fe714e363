import { Injectable } from '@nestjs/common';
import type { XminStatus } from '../database/care/xmin-alarm.js';
import { PlatformPool } from '../database/role-pool.js';
import type { SchedulerStats } from '../gpu-scheduler/scheduler-stats.js';

/** What a worker tells of itself with each heartbeat: its scheduler, what it saw of the database, what a fence refused. */
export type WorkerStats = SchedulerStats & { readonly database?: XminStatus | null; readonly staleWrites?: number };

/** What living workers wrote with their last heartbeat. */
@Injectable()
export class WorkerStatsRepository {
  constructor(private readonly pool: PlatformPool) {}

  /** One entry per worker with a valid lease; a worker before its first heartbeat has null. */
  async living(): Promise<(WorkerStats | null)[]> {
    const { rows } = await this.pool.query<{ stats: WorkerStats | null }>(
      'select stats from maru.workers where not dead and lease_until > clock_timestamp() order by id',
    );
    return rows.map((row) => row.stats);
  }
}
