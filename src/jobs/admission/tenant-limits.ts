import { Injectable } from '@nestjs/common';
import { MicroBatcher } from '../../common/micro-batcher.js';
import { QueueDepthsRepository } from './queue-depths.repository.js';

/** The column's default, for a tenant without a row. */
const DEFAULT_MAX_QUEUED_JOBS = 100_000;

/** How many jobs each tenant may have in the queue: read when it first submits, and again with each count while it does. */
@Injectable()
export class TenantLimits {
  private readonly limits = new Map<string, number>();
  private readonly active = new Set<string>();
  private readonly reads = new MicroBatcher<string, number>((ids) => this.read(ids));

  constructor(private readonly repository: QueueDepthsRepository) {}

  /** The limit of a tenant that submits now. */
  async of(tenantId: string): Promise<number> {
    this.active.add(tenantId);
    return this.limits.get(tenantId) ?? (await this.reads.add(tenantId));
  }

  /** Reads the limits of all who have submitted since the last call. */
  async refresh(): Promise<void> {
    if (this.active.size === 0) return;
    const ids = [...this.active];
    this.active.clear();
    await this.read(ids);
  }

  private async read(ids: string[]): Promise<number[]> {
    const found = new Map((await this.repository.limits(ids)).map((t) => [t.id, t.maxQueuedJobs]));
    return ids.map((id) => {
      const limit = found.get(id) ?? DEFAULT_MAX_QUEUED_JOBS;
      this.limits.set(id, limit);
      return limit;
    });
  }
}
