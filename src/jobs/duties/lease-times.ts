import { Injectable } from '@nestjs/common';
import { LEASE_MS } from './workers.repository.js';

/** When a worker's lease is renewed and when it is given up; all in ms. */
@Injectable()
export class LeaseTimes {
  /** A lease lasts this long from each renewal, by the database's clock. */
  readonly leaseMs: number = LEASE_MS;
  /** A third of the lease: two renewals may be lost. */
  readonly renewEveryMs: number = 2_000;
  /** How often the event loop tells the lease thread that it turns. */
  readonly aliveEveryMs: number = 1_000;
  /** An event loop that was not heard of for this long is taken for dead: the thread lets the lease run out. */
  readonly silenceLimitMs: number = 30_000;
}
