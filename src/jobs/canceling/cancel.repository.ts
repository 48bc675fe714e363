import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TenantDb } from '../../database/tenant-db.js';
import { CHANNEL } from '../job-channels.js';
import { segmentText, type TransitionItem } from '../transition.js';
import { APPEND, ASK, END, LOCK, REMOVE } from './cancel.sql.js';

/** What a cancel found and did. `contended`: a worker's flush was in flight, try again. */
export type CancelStep = 'canceled' | 'canceling' | 'already_canceling' | 'not_queued' | 'contended';

interface LockedRow {
  readonly band: number;
  readonly state: number;
  readonly attempt: number;
  readonly seq: number;
  readonly claimedAt: string | null;
  readonly now: string;
  readonly last: number;
}

/** One try to cancel a job, as maru_app: its history and its state change in one transaction. */
@Injectable()
export class CancelRepository {
  constructor(private readonly db: TenantDb) {}

  tryCancel(tenantId: string, jobId: string): Promise<CancelStep> {
    return this.db.run(tenantId, async (manager) => {
      const [row] = await manager.query<LockedRow[]>(LOCK, [tenantId, jobId]);
      if (!row) return 'not_queued';
      if (row.state === 2) return 'already_canceling';
      return row.state === 0 ? end(manager, tenantId, jobId, row) : ask(manager, tenantId, jobId, row);
    });
  }

  /** Tells the readers, and the worker when it has to act. Hints: losing them costs a poll interval. */
  async announce(tenantId: string, jobId: string, workerActs: boolean): Promise<void> {
    const channels = [CHANNEL.changed, CHANNEL.fed, ...(workerActs ? [CHANNEL.canceling] : [])];
    const payloads = channels.map((channel) => (channel === CHANNEL.fed ? tenantId : jobId));
    await this.db.one(tenantId, {
      text: `select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) n(channel, payload)`,
      values: [channels, payloads],
    });
  }
}

async function append(
  manager: EntityManager,
  tenantId: string,
  jobId: string,
  row: LockedRow,
  items: readonly TransitionItem[],
): Promise<boolean> {
  const values = [tenantId, jobId, row.last + 1, items.length, row.attempt, segmentText(items)];
  return (await manager.query<unknown[]>(APPEND, values)).length > 0;
}

async function end(manager: EntityManager, tenantId: string, jobId: string, row: LockedRow): Promise<CancelStep> {
  const written = await append(manager, tenantId, jobId, row, [{ type: 'job.canceled', at: row.now }]);
  if (!written) return 'contended';
  await manager.query(REMOVE, [tenantId, row.band, jobId]);
  await manager.query(END, [tenantId, jobId, row.attempt, row.last + 1, row.now]);
  return 'canceled';
}

async function ask(manager: EntityManager, tenantId: string, jobId: string, row: LockedRow): Promise<CancelStep> {
  const started: TransitionItem[] =
    row.last < row.seq && row.claimedAt ? [{ type: 'job.started', at: row.claimedAt }] : [];
  const written = await append(manager, tenantId, jobId, row, [...started, { type: 'job.canceling', at: row.now }]);
  if (!written) return 'contended';
  await manager.query(ASK, [tenantId, row.band, jobId]);
  return 'canceling';
}
