import { Injectable } from '@nestjs/common';
import { TtlCache } from '../../common/ttl-cache.js';
import { unfoldTimeline } from '../job.js';
import { JobsRepository } from '../reading/jobs.repository.js';
import type { Range } from '../tenant-outlook.js';
import { firstStartMs } from './first-start.js';
import { rangeOf } from './recent-model.js';
import { RecentTimes } from './recent-times.js';

const TTL_MS = 60_000;
const MAX_ANALYZERS = 1_000;

/** How long a tenant's latest jobs of an analyzer waited for their first inference batch; looked at once a minute at most. */
@Injectable()
export class RecentStarts {
  private readonly starts = new TtlCache<Range | null>(TTL_MS, MAX_ANALYZERS);

  constructor(
    private readonly times: RecentTimes,
    private readonly jobs: JobsRepository,
  ) {}

  /** From submit to start, ms; null below 20 jobs. Of the same jobs as `RecentTimes` speaks of. */
  async of(tenantId: string, analyzer: string): Promise<Range | null> {
    const { latestIds } = await this.times.of(tenantId, analyzer);
    return this.starts.get(`${tenantId} ${analyzer} ${latestIds[0]}`, () => this.read(tenantId, latestIds));
  }

  private async read(tenantId: string, latestIds: readonly string[]): Promise<Range | null> {
    const rows = await this.jobs.findTimelines(tenantId, latestIds);
    const waits = rows.flatMap((row) => {
      const startMs = firstStartMs(unfoldTimeline(row).transitions);
      return startMs === null ? [] : [Math.max(0, startMs - row.createdAt.getTime())];
    });
    return rangeOf(waits);
  }
}
