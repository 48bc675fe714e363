import { Injectable } from '@nestjs/common';
import { eventIdOf } from '../common/event-id.js';
import { publicId } from '../common/ids.js';
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

const GIVE_BACK = `
update maru.outbox o set relay_at = o.at
  from unnest($1::uuid[], $2::bigint[]) k(t, i) where o.tenant_id = k.t and o.id = k.i`;

/** The outbox as the worker sees it: a row is there until its effects are done, whatever BullMQ remembers. */
@Injectable()
export class OutboxRepository {
  constructor(private readonly pool: WorkerPool) {}

  /** Takes due rows, oldest first; nobody else gets them for ten minutes. */
  async take(limit: number): Promise<(OutboxKey & { event: SideEvent })[]> {
    const { rows } = await this.pool.query<OutboxRow>({ name: 'outbox-take', text: TAKE, values: [limit] });
    const inOrder = rows.sort((a, b) => Number(a.id) - Number(b.id));
    return inOrder.map((row) => ({ tenantId: row.tenantId, id: row.id, event: toSideEvent(row) }));
  }

  /** Makes taken rows due again. */
  async giveBack(keys: readonly OutboxKey[]): Promise<void> {
    await this.pool.query(GIVE_BACK, [plainArray(keys.map((k) => k.tenantId)), plainArray(keys.map((k) => k.id))]);
  }

  /** Null when the row's effects are done. */
  async find({ tenantId, id }: OutboxKey): Promise<SideEvent | null> {
    const { rows } = await this.pool.query<OutboxRow>({
      name: 'outbox-find',
      text: `select tenant_id as "tenantId", id, kind, body, at from maru.outbox where tenant_id = $1 and id = $2`,
      values: [tenantId, id],
    });
    return rows[0] ? toSideEvent(rows[0]) : null;
  }

  /** The row's effects are done. */
  async remove({ tenantId, id }: OutboxKey): Promise<void> {
    await this.pool.query({
      name: 'outbox-remove',
      text: `delete from maru.outbox where tenant_id = $1 and id = $2`,
      values: [tenantId, id],
    });
  }
}

function toSideEvent({ tenantId, kind, body, at }: OutboxRow): SideEvent {
  const { jobId, seq } = body;
  return { id: eventIdOf(publicId('job', jobId), seq), tenantId, kind, jobId, seq, at };
}
