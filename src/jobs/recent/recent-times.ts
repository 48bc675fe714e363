import { Injectable } from '@nestjs/common';
import { TtlCache } from '../../common/ttl-cache.js';
import type { AnalyzerEtaDto, AnalyzerLatencyDto } from '../dto/analyzer.dto.js';
import type { Range } from '../tenant-outlook.js';
import { RecentJobsRepository, type RecentRow } from './recent-jobs.repository.js';
import { backtest, MEMORY, rangeOf, RECENT_MODEL, tookMs } from './recent-model.js';

const TTL_MS = 60_000;
const MAX_TENANTS = 1_000;
/** Jobs of one analyzer that count. */
const MAX_JOBS = 1_000;
const WINDOW = '7d';

/** What a tenant's own jobs of one analyzer took lately. */
export interface AnalyzerTimes {
  readonly latency: AnalyzerLatencyDto | null;
  readonly eta: AnalyzerEtaDto | null;
  /** From submit to end of the latest 100, which is what is said of the next one. */
  readonly next: Range | null;
  /** uuids of those, newest first. */
  readonly latestIds: readonly string[];
}

const NOTHING: AnalyzerTimes = { latency: null, eta: null, next: null, latestIds: [] };

/** What a tenant's jobs took in the last 7 days, by analyzer; looked at once a minute at most. */
@Injectable()
export class RecentTimes {
  private readonly times = new TtlCache<ReadonlyMap<string, AnalyzerTimes>>(TTL_MS, MAX_TENANTS);

  constructor(private readonly repository: RecentJobsRepository) {}

  /** @param tenantId uuid @param analyzer slug */
  async of(tenantId: string, analyzer: string): Promise<AnalyzerTimes> {
    const times = await this.times.get(tenantId, () => this.read(tenantId));
    return times.get(analyzer) ?? NOTHING;
  }

  private async read(tenantId: string): Promise<ReadonlyMap<string, AnalyzerTimes>> {
    const byAnalyzer = Map.groupBy(await this.repository.find(tenantId), (row) => row.analyzer);
    return new Map([...byAnalyzer].map(([slug, rows]) => [slug, timesOf(rows.slice(0, MAX_JOBS))]));
  }
}

/** @param jobs newest first */
function timesOf(jobs: readonly RecentRow[]): AnalyzerTimes {
  const latest = jobs.slice(0, MEMORY);
  const range = rangeOf(jobs.map(tookMs));
  const tested = backtest(jobs.toReversed());
  return {
    latency: range && { window: WINDOW, p50Ms: Math.round(range[0]), p90Ms: Math.round(range[1]) },
    eta: tested && { model: RECENT_MODEL, window: WINDOW, ...tested },
    next: rangeOf(latest.map(tookMs)),
    latestIds: latest.map(({ id }) => id),
  };
}
