import { Injectable, Logger } from '@nestjs/common';
import { JobsRepository } from '../reading/jobs.repository.js';
import type { JobWatcher } from './job-watcher.js';

/** A round over all followed jobs takes 2 to 4 s, at random, so that processes do not march in step. */
const ROUND_MS = 2_000;
/** Jobs a statement: 200 take about 2 ms. */
const SLICE = 200;

/** Jobs of one tenant that are asked about together. */
interface Slice {
  readonly tenantId: string;
  readonly watchers: readonly JobWatcher[];
}

/**
 * Finds changes of followed jobs that no notification told: looks at the newest seq of each, slice by slice, evenly over
 * a round. Notifications are hints, so this is what following a job rests on; with them it finds nothing.
 */
@Injectable()
export class WatchSweep {
  private readonly log = new Logger(WatchSweep.name);
  private timer: NodeJS.Timeout | null = null;
  private sweeping = false;
  private again = false;
  private stopped = true;
  private all: () => JobWatcher[] = () => [];

  constructor(private readonly repository: JobsRepository) {}

  /** Nudges every watcher whose job has transitions that it does not know. */
  start(all: () => JobWatcher[]): void {
    this.all = all;
    this.stopped = false;
    this.round();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  /** Looks at all of them at once: notifications were lost, or one named nobody. */
  now(): void {
    if (this.sweeping) this.again = true;
    else void this.sweepAll();
  }

  /** One slice after another, each after its share of the round's time. */
  private plan([slice, ...rest]: Slice[], pauseMs: number): void {
    this.timer = setTimeout(() => void this.step(slice, rest, pauseMs), pauseMs).unref();
  }

  private async step(slice: Slice | undefined, rest: Slice[], pauseMs: number): Promise<void> {
    if (slice) await this.look(slice);
    if (this.stopped) return;
    if (rest.length > 0) this.plan(rest, pauseMs);
    else this.round();
  }

  private round(): void {
    const slices = slicesOf(this.all());
    this.plan(slices, (ROUND_MS * (1 + Math.random())) / Math.max(1, slices.length));
  }

  private async sweepAll(): Promise<void> {
    this.sweeping = true;
    do {
      this.again = false;
      for (const slice of slicesOf(this.all())) await this.look(slice);
    } while (this.again && !this.stopped);
    this.sweeping = false;
  }

  private async look({ tenantId, watchers }: Slice): Promise<void> {
    try {
      const seqs = await this.repository.lastSeqs(tenantId, [...new Set(watchers.map((w) => w.jobId))]);
      for (const watcher of watchers) if (!watcher.knows(seqs.get(watcher.jobId) ?? 0)) watcher.nudge();
    } catch (error) {
      this.log.warn(`Looking at the followed jobs failed, trying again: ${(error as Error).message}`);
    }
  }
}

function slicesOf(watchers: readonly JobWatcher[]): Slice[] {
  return [...Map.groupBy(watchers, (w) => w.tenantId)].flatMap(([tenantId, ofTenant]) =>
    Array.from({ length: Math.ceil(ofTenant.length / SLICE) }, (_, i) => ({
      tenantId,
      watchers: ofTenant.slice(i * SLICE, (i + 1) * SLICE),
    })),
  );
}
