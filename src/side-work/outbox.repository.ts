import { Injectable } from '@nestjs/common';
import { eventIdOf } from '../common/event-id.js';
import { publicId } from '../common/ids.js';
import { MicroBatcher } from '../common/micro-batcher.js';
import { plainArray } from '../database/array-parameters.js';
import { WorkerPool } from '../database/role-pool.js';
import type { SideEvent } from './side-effect.js';

/** Key of a row. */
export interface OutboxKey {
  readonly tenantId: string;
  /** A bigint. */
  readonly id: string;
}

interface OutboxRow extends OutboxKey {
  readonly kind: string;
  readonly body: { readonly jobId: string; readonly seq: number };
  readonly at: Date;
}

/** A taken row comes up again after this, when nobody has confirmed it: BullMQ lost it, or the taker died. */
const AGAIN_MINUTES = 10;

const TAKE = `
with due as materialized (
  select tenant_id, id from maru.outbox where relay_at <= now() order by relay_at, id limit $1 for update skip locked)
update maru.outbox o set relay_at = clock_timestamp() + interval '${AGAIN_MINUTES} minutes'
  from due d where o.tenant_id = d.tenant_id and o.id = d.id
returning o.tenant_id as "tenantId", o.id, o.kind, o.body, o.at`;

// $1 tenants, $2 ids: the rows of these keys.
const KEYS = 'unnest($1::uuid[], $2::bigint[]) k(t, i) where o.tenant_id = k.t and o.id = k.i';
const GIVE_BACK = `update maru.outbox o set relay_at = o.at from ${KEYS}`;
const REMOVE = `delete from maru.outbox o using ${KEYS}`;
const FIND = `
select o.tenant_id as "tenantId", o.id, o.kind, o.body, o.at
  from maru.outbox o, ${KEYS}`;

/**
 * The outbox as the worker sees it: a row is there until its effects are done, whatever BullMQ remembers. BullMQ hands out
 * single events; those that are looked for, or done, at the same time share a statement.
 */
@Injectable()
export class OutboxRepository {
  private readonly finds = new MicroBatcher<OutboxKey, SideEvent | null>((keys) => this.findAll(keys));
  private readonly removals = new MicroBatcher<OutboxKey, void>((keys) => this.removeAll(keys));

  constructor(private readonly pool: WorkerPool) {}

  /** Tenants whose ends of jobs go to the outbox. */
  async subscribers(): Promise<ReadonlySet<string>> {
    const { rows } = await this.pool.query<{ id: string }>('select id from maru.tenants where outbox');
    return new Set(rows.map(({ id }) => id));
  }

  /** Takes due rows, oldest first; nobody else gets them for ten minutes. */
  async take(limit: number): Promise<(OutboxKey & { event: SideEvent })[]> {
    const { rows } = await this.pool.query<OutboxRow>({ name: 'outbox-take', text: TAKE, values: [limit] });
    const inOrder = rows.sort((a, b) => Number(a.id) - Number(b.id));
    return inOrder.map((row) => ({ tenantId: row.tenantId, id: row.id, event: toSideEvent(row) }));
  }

  /** Makes taken rows due again. */
  async giveBack(keys: readonly OutboxKey[]): Promise<void> {
    await this.pool.query(GIVE_BACK, arraysOf(keys));
  }

  /** Null when the row's effects are done. */
  find(key: OutboxKey): Promise<SideEvent | null> {
    return this.finds.add(key);
  }

  /** The row's effects are done. Resolves after the commit. */
  remove(key: OutboxKey): Promise<void> {
    return this.removals.add(key);
  }

  private async findAll(keys: readonly OutboxKey[]): Promise<(SideEvent | null)[]> {
    const { rows } = await this.pool.query<OutboxRow>({ name: 'outbox-find', text: FIND, values: arraysOf(keys) });
    const byId = new Map(rows.map((row) => [row.id, toSideEvent(row)]));
    return keys.map(({ id }) => byId.get(id) ?? null);
  }

  private async removeAll(keys: readonly OutboxKey[]): Promise<void[]> {
    await this.pool.query({ name: 'outbox-remove', text: REMOVE, values: arraysOf(keys) });
    return [];
  }
}

function arraysOf(keys: readonly OutboxKey[]): [string, string] {
  return [plainArray(keys.map((k) => k.tenantId)), plainArray(keys.map((k) => k.id))];
}

function toSideEvent({ tenantId, kind, body, at }: OutboxRow): SideEvent {
  const { jobId, seq } = body;
  return { id: eventIdOf(publicId('job', jobId), seq), tenantId, kind, jobId, seq, at };
}
