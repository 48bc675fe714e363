import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { TtlCache } from '../common/ttl-cache.js';
import { MetricsRegistry } from '../health/metrics-registry.js';
import { type WorkerStats, WorkerStatsRepository } from './worker-stats.repository.js';

interface WorkerGauge {
  readonly name: string;
  readonly help: string;
  /** Label beside `worker`; null = none. */
  readonly label: string | null;
  /** Values of one worker by that label; '' without one. */
  readonly read: (stats: WorkerStats) => Readonly<Record<string, number>>;
}

const GAUGES: readonly WorkerGauge[] = [
  {
    name: 'maru_scheduler_items_completed',
    help: 'Items that left the scheduler with an output',
    label: null,
    read: ({ counters }) => ({ '': counters.itemsCompleted }),
  },
  {
    name: 'maru_scheduler_batches_completed',
    help: 'Inference batches that ended well',
    label: null,
    read: ({ counters }) => ({ '': counters.batchesCompleted }),
  },
  {
    name: 'maru_scheduler_batches_failed',
    help: 'Inference batches that failed',
    label: null,
    read: ({ counters }) => ({ '': counters.batchesFailed }),
  },
  {
    name: 'maru_scheduler_batch_rows',
    help: 'Rows of all inference batches',
    label: null,
    read: ({ counters }) => ({ '': counters.batchSize.sum }),
  },
  {
    name: 'maru_device_busy_ms',
    help: 'Time inside the runtime since the worker started, ms',
    label: 'device',
    read: ({ counters }) => counters.deviceBusyMs,
  },
  {
    name: 'maru_lane_queued_items',
    help: 'Items that wait for a device',
    label: 'lane',
    read: ({ lanes }) => Object.fromEntries(lanes.map(({ lane, queuedItems }) => [lane, queuedItems])),
  },
  {
    name: 'maru_sched_eta_median_error_ms',
    help: 'Median difference of the estimated and the real start of the last 256 waits, ms',
    label: null,
    read: ({ eta }) => ({ '': eta?.medianErrorMs ?? 0 }),
  },
  {
    name: 'maru_sched_eta_p90_coverage',
    help: 'Share of the last 256 waits that ended by their estimated p90; 0.9 is perfect',
    label: null,
    read: ({ eta }) => ({ '': eta?.p90Coverage ?? 0 }),
  },
  {
    name: 'maru_sched_resident_bytes',
    help: 'Device memory that loaded models are reckoned with, bytes; 0 on a device without a budget',
    label: 'device',
    read: ({ devices }) => Object.fromEntries(devices.map(({ id, usedBytes }) => [id, usedBytes])),
  },
  {
    name: 'maru_sched_evictions',
    help: 'Models that made room for another one',
    label: 'device',
    read: ({ devices }) => Object.fromEntries(devices.map(({ id, evictions }) => [id, evictions])),
  },
  {
    name: 'maru_database_oldest_snapshot_ms',
    help: 'For how long no dead row has been cleaned, because somebody holds an old snapshot, ms',
    label: null,
    read: ({ database }) => ({ '': database?.oldestXminMs ?? 0 }),
  },
  {
    name: 'maru_jobs_stale_writes_refused',
    help: 'Writes of attempts that had lost their job to another: refused, every one of them',
    label: null,
    read: ({ staleWrites }) => ({ '': staleWrites ?? 0 }),
  },
];
/** All gauges of one scrape share one look at the database. */
const SCRAPE_MS = 1_000;

/**
 * Schedulers and devices in the metrics of the api: workers serve no HTTP, their last heartbeat (at most 3 s old) tells.
 * Gauges, because a worker that starts again counts from zero.
 */
@Injectable()
export class WorkerMetrics {
  private readonly cache = new TtlCache<(WorkerStats | null)[]>(SCRAPE_MS, 1);

  constructor(
    private readonly workers: WorkerStatsRepository,
    registry: MetricsRegistry,
  ) {
    for (const gauge of GAUGES) this.register(gauge, registry);
  }

  private register({ name, help, label, read }: WorkerGauge, registry: MetricsRegistry): void {
    const living = (): Promise<(WorkerStats | null)[]> => this.living();
    const labelNames = label === null ? ['worker'] : ['worker', label];
    const collect = async function (this: Gauge): Promise<void> {
      this.reset();
      for (const stats of await living()) {
        for (const [key, value] of Object.entries(stats ? read(stats) : {})) {
          this.set({ worker: stats?.workerId ?? '', ...(label === null ? {} : { [label]: key }) }, value);
        }
      }
    };
    new Gauge({ name, help, labelNames, registers: [registry], collect });
  }

  /** The database may be away while somebody scrapes: the process metrics are then still worth having. */
  private living(): Promise<(WorkerStats | null)[]> {
    return this.cache.get('living', () => this.workers.living()).catch(() => []);
  }
}
