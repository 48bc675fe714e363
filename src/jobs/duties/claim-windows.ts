import { Injectable } from '@nestjs/common';
import { GpuSchedulerService } from '../../gpu-scheduler/gpu-scheduler.service.js';
import { BANDS } from '../job.js';
import { Journals } from '../recording/journals.js';
import type { Window } from './queue.repository.js';
import type { Announcement } from './ready-tenants.js';

/** Attempts that one worker holds at most, for their memory: sixteen full inference batches of 32. */
const MAX_IN_HAND = 512;
/** A claim waits for this much room, or for its turn: taking jobs in ones and twos costs a commit each. */
export const WORTHWHILE_CLAIM = 64;
const ALL_BANDS = BANDS.length - 1;

/**
 * How many jobs of which tenant this worker takes next: the scheduler's windows, the tenants that are least ahead of their
 * share first, within what the worker may hold. A tenant whose window is full of lower bands still has one for the bands
 * above them.
 */
@Injectable()
export class ClaimWindows {
  private next = 0;
  /** Tenants without jobs in the bands above a full window, as of an announcement. */
  private readonly bare = new Map<string, number>();

  constructor(
    private readonly scheduler: GpuSchedulerService,
    private readonly journals: Journals,
  ) {}

  /** True when a claim would be worth its commit. */
  get hasRoom(): boolean {
    return MAX_IN_HAND - this.journals.size >= WORTHWHILE_CLAIM;
  }

  /**
   * One window a tenant, in ascending lag, beginning with another one each time among equals; none for a tenant whose
   * share is in hand. While another worker may be sooner only newcomers get one: whatever fills this worker, they go first
   * here. Shares leave room for one tenant more, so that a newcomer never waits for the others' jobs to end.
   */
  of(known: Announcement): Window[] {
    const { isSated } = this.scheduler;
    const tenantIds = [...known.keys()].filter((tenantId) => !isSated || this.journals.heldOf(tenantId) === 0);
    let left = MAX_IN_HAND - this.journals.size;
    const share = Math.max(1, Math.floor(MAX_IN_HAND / (known.size + 1)));
    return this.inOrder(tenantIds).flatMap((tenantId) => {
      const most = Math.min(left, share - this.journals.heldOf(tenantId));
      const window = most > 0 ? this.windowOf(tenantId, most, known.get(tenantId)) : null;
      left -= window?.size ?? 0;
      return window ? [window] : [];
    });
  }

  /** A claim left nothing of this window. True when that means that the tenant has nothing ready at all. */
  exhausted({ tenantId, lowestBand }: Window, known: Announcement): boolean {
    if ((lowestBand ?? ALL_BANDS) === ALL_BANDS) return true;
    this.bare.set(tenantId, known.get(tenantId) ?? 0);
    return false;
  }

  private inOrder(tenantIds: readonly string[]): readonly string[] {
    const start = this.next++ % Math.max(1, tenantIds.length);
    const turned = [...tenantIds.slice(start), ...tenantIds.slice(0, start)];
    const leads = new Map(turned.map((tenantId) => [tenantId, this.scheduler.leadMs(tenantId)]));
    return turned.sort((a, b) => (leads.get(a) ?? 0) - (leads.get(b) ?? 0));
  }

  /** The window down to the lowest band that has one. */
  private windowOf(tenantId: string, most: number, announced: number | undefined): Window | null {
    for (let lowestBand = ALL_BANDS; lowestBand >= 0; lowestBand -= 1) {
      if (lowestBand < ALL_BANDS && this.bare.get(tenantId) === announced) return null;
      const ahead = this.journals.aheadOf(tenantId, lowestBand);
      const size = Math.min(most, this.scheduler.claimable(tenantId, BANDS[lowestBand] ?? 'bulk', ahead));
      if (size <= 0) continue;
      if (lowestBand === ALL_BANDS) this.bare.delete(tenantId);
      return { tenantId, size, lowestBand };
    }
    return null;
  }
}
