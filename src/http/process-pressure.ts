import { Injectable } from '@nestjs/common';
import { Clock, SystemClock } from '../common/clock.js';
import { ServerBusyError } from './http.errors.js';
import { ProcessProbe } from './process-probe.js';

/** V8 collects garbage harder and harder near its limit and dies at it. */
const MAX_HEAP_USED = 0.9;
/** A request passes the loop some ten times: at this delay it would take more than ten seconds. */
const MAX_LOOP_DELAY_MS = 1_000;
const SAMPLE_MS = 500;
const RETRY_SECONDS = 2;

/** Refuses new work while this process is near the end of its memory, or so late that more work only makes it later. */
@Injectable()
export class ProcessPressure {
  private readonly clock: Clock = new SystemClock();
  private sampledAtMs = -Infinity;
  private isHeapFull = false;
  private isLate = false;

  constructor(private readonly probe: ProcessProbe) {}

  /** @throws ServerBusyError */
  assertCalm(): void {
    if (this.clock.monotonic() - this.sampledAtMs >= SAMPLE_MS) this.sample();
    if (!this.isHeapFull && !this.isLate) return;
    const what = this.isHeapFull ? 'is short of memory' : 'is too busy to answer in time';
    throw new ServerBusyError(
      `This server ${what}. Nothing was stored; repeat the request in ${RETRY_SECONDS} seconds.`,
      RETRY_SECONDS,
    );
  }

  private sample(): void {
    this.sampledAtMs = this.clock.monotonic();
    this.isHeapFull = this.probe.heapUsed() > MAX_HEAP_USED;
    const delayMs = this.probe.loopDelayMs();
    if (delayMs !== null) this.isLate = delayMs > MAX_LOOP_DELAY_MS;
  }
}
