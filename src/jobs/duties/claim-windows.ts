import { Injectable } from '@nestjs/common';
import { GpuSchedulerService } from '../../gpu-scheduler/gpu-scheduler.service.js';
import { BANDS } from '../job.js';
import { Journals } from '../recording/journals.js';
import type { Window } from './queue.repository.js';

/** Attempts that one worker holds at most: sixteen full inference batches of 32. */
const MAX_IN_HAND = 512;
/** A claim waits for this much room, or for its turn: taking jobs in ones and twos costs a commit each. */
export const WORTHWHILE_CLAIM = 64;

/** How many jobs of which tenant this worker takes next: its own room and the scheduler's, shared over the tenants. */
@Injectable()
export class ClaimWindows {
  private next = 0;

  constructor(
    private readonly scheduler: GpuSchedulerService,
    private readonly journals: Journals,
  ) {}

  /** True when a claim would be worth its commit. */
  get hasRoom(): boolean {
    return MAX_IN_HAND - this.journals.size >= WORTHWHILE_CLAIM;
  }

  /**
   * One window a tenant, beginning with another tenant each time; none for a tenant whose share is in hand. Shares leave
   * room for one tenant more, so that a newcomer never waits for the others' jobs to end.
   */
  of(tenantIds: readonly string[]): Window[] {
    let left = MAX_IN_HAND - this.journals.size;
    const share = Math.max(1, Math.floor(MAX_IN_HAND / (tenantIds.length + 1)));
    const start = this.next++ % Math.max(1, tenantIds.length);
    return [...tenantIds.slice(start), ...tenantIds.slice(0, start)].flatMap((tenantId) => {
      const size = Math.min(left, this.freeOf(tenantId, share));
      left -= size;
      return size > 0 ? [{ tenantId, size }] : [];
    });
  }

  private freeOf(tenantId: string, share: number): number {
    const room = Math.max(...BANDS.map((band) => this.scheduler.room(tenantId, band)));
    return Math.max(0, Math.min(room, share - this.journals.heldOf(tenantId)));
  }
}
