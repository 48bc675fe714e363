import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { inTransaction } from '../database/in-transaction.js';
import { AuditPool } from '../database/role-pool.js';
import { type ChainHead, ChainAnchor } from './chain-anchor.js';
import { type AuditEvent, EVENT_COLUMNS } from './audit-event.js';
import { auditHash, CHAIN_START } from './audit-hash.js';

/** Events a transaction. */
const SLICE = 500;
const LOCK = 'maru.audit_seals';

const PENDING = `
  select ${EVENT_COLUMNS} from maru.audit_pending p
    join maru.audit_events e on e.tenant_id = p.tenant_id and e.id = p.event_id
   order by p.tenant_id, p.event_id limit $1`;
const HEAD = `select seq::int as seq, hash from maru.audit_seals where tenant_id = $1 order by seq desc limit 1`;
const SEAL = `
  insert into maru.audit_seals (tenant_id, seq, event_id, prev_hash, hash)
  select $1, u.seq, u.event_id, u.prev_hash, u.hash
    from unnest($2::bigint[], $3::uuid[], $4::bytea[], $5::bytea[]) u(seq, event_id, prev_hash, hash) order by u.seq`;
const DONE = `delete from maru.audit_pending where tenant_id = $1 and event_id = any($2::uuid[])`;

/** Chains recorded events, in the background: no request waits for the head of a chain. */
@Injectable()
export class AuditSealer {
  constructor(
    private readonly pool: AuditPool,
    private readonly anchor: ChainAnchor,
  ) {}

  /** Seals what is pending and notes the new heads outside the database. One process at a time. @returns sealed events */
  async sealPending(): Promise<number> {
    for (let sealed = 0; ;) {
      const { found, heads } = await inTransaction(this.pool, (client) => sealSlice(client));
      await this.anchor.note(heads);
      sealed += found;
      if (found < SLICE) return sealed;
    }
  }
}

async function sealSlice(client: pg.PoolClient): Promise<{ found: number; heads: ChainHead[] }> {
  await client.query('select pg_advisory_xact_lock(hashtext($1))', [LOCK]);
  const { rows } = await client.query<AuditEvent>(PENDING, [SLICE]);
  const heads: ChainHead[] = [];
  for (const tenantId of new Set(rows.map((event) => event.tenantId))) {
    heads.push(
      await extend(
        client,
        tenantId,
        rows.filter((event) => event.tenantId === tenantId),
      ),
    );
  }
  return { found: rows.length, heads };
}

async function extend(client: pg.PoolClient, tenantId: string, events: readonly AuditEvent[]): Promise<ChainHead> {
  const [head] = (await client.query<{ seq: number; hash: Buffer }>(HEAD, [tenantId])).rows;
  let [seq, hash] = [head?.seq ?? 0, head?.hash ?? CHAIN_START];
  const links = events.map((event) => {
    const previous = hash;
    hash = auditHash(previous, ++seq, event);
    return { seq, eventId: event.id, previous, hash };
  });
  const ids = links.map((link) => link.eventId);
  await client.query(SEAL, [
    tenantId,
    links.map((l) => l.seq),
    ids,
    links.map((l) => l.previous),
    links.map((l) => l.hash),
  ]);
  await client.query(DONE, [tenantId, ids]);
  return { tenantId, seq, hash: hash.toString('hex') };
}
