import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { QueueRepository } from './queue.repository.js';

/** The queue itself is asked at least this often, ms: notifications may be lost, and pauses of retries end unannounced. */
const RESCAN_MS = 500;

/** What was known when a claim began: a tenant that is announced later is not forgotten with it. */
export type Announcement = ReadonlyMap<string, number>;

/**
 * The tenants that may have jobs ready. Announcements name them as their jobs are committed, so that the scan of the
 * queue, which costs a probe for each of its tenants, is needed rarely.
 */
@Injectable()
export class ReadyTenants {
  private readonly announced = new Map<string, number>();
  private counter = 0;
  private scannedMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly queue: QueueRepository,
    private readonly clock: Clock,
  ) {}

  /** Payload of a `queued` notification: tenants joined by commas; empty means "look yourself". */
  announce(payload: string): void {
    if (payload === '') this.scannedMs = Number.NEGATIVE_INFINITY;
    else for (const tenantId of payload.split(',')) this.announced.set(tenantId, ++this.counter);
  }

  /** The tenants to claim from now. */
  async current(): Promise<Announcement> {
    if (this.clock.monotonic() - this.scannedMs >= RESCAN_MS) {
      this.scannedMs = this.clock.monotonic();
      for (const tenantId of await this.queue.activeTenants())
        if (!this.announced.has(tenantId)) this.announced.set(tenantId, ++this.counter);
    }
    return new Map(this.announced);
  }

  /** A claim left nothing of this tenant's: it waits for its next announcement, or for the next scan. */
  exhausted(tenantId: string, known: Announcement): void {
    if (this.announced.get(tenantId) === known.get(tenantId)) this.announced.delete(tenantId);
  }
}
