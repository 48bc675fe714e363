import { Injectable } from '@nestjs/common';
import { AuditPool } from '../database/role-pool.js';
import { type AuditEvent, EVENT_COLUMNS } from './audit-event.js';
import { auditHash, CHAIN_START } from './audit-hash.js';
import { ChainAnchor, type NotedHead } from './chain-anchor.js';

/** What is wrong with a log. */
export interface AuditFault {
  /** uuid; the nil uuid is the platform's log. */
  readonly tenantId: string;
  /** Place in the chain; null for an event that is in none. */
  readonly seq: number | null;
  readonly kind:
    | 'missing_seal'
    | 'broken_link'
    | 'missing_event'
    | 'changed_event'
    | 'backdated_event'
    | 'unsealed_event'
    | 'cut_chain'
    | 'rewritten_chain'
    | 'forged_head';
}

/** What a verification found. */
export interface AuditVerdict {
  readonly chains: number;
  readonly events: number;
  /** Recorded so lately that they are in no chain yet. */
  readonly pending: number;
  /** Empty: nothing was changed, deleted, inserted, reordered or cut. */
  readonly faults: readonly AuditFault[];
}

type SealedRow = { readonly seq: number; readonly prevHash: Buffer; readonly hash: Buffer } & {
  readonly [K in keyof AuditEvent]: AuditEvent[K] | null;
};

const SLICE = 1_000;
/** A transaction ends within seconds, so an event is sealed after events that are at most this much younger, ms. */
const LATE_MS = 5 * 60_000;

const CHAINS = `
  select tenant_id::text as id from maru.audit_seals group by 1
  union select tenant_id::text from maru.audit_events group by 1`;
const LINKS = `
  select s.seq::int as seq, s.prev_hash as "prevHash", s.hash, ${EVENT_COLUMNS}
    from maru.audit_seals s left join maru.audit_events e on e.tenant_id = s.tenant_id and e.id = s.event_id
   where s.tenant_id = $1 and s.seq > $2 order by s.seq limit ${SLICE}`;
const LOOSE = `
  select count(*) filter (where p.event_id is null)::int as unsealed, count(p.event_id)::int as pending
    from maru.audit_events e
    left join maru.audit_seals s on s.tenant_id = e.tenant_id and s.event_id = e.id
    left join maru.audit_pending p on p.tenant_id = e.tenant_id and p.event_id = e.id
   where e.tenant_id = $1 and s.event_id is null`;

/** Proves that the audit log is as it was recorded, as maru_audit. */
@Injectable()
export class AuditVerification {
  constructor(
    private readonly pool: AuditPool,
    private readonly anchor: ChainAnchor,
  ) {}

  /** @param tenantId uuid; without it every chain */
  async verify(tenantId?: string): Promise<AuditVerdict> {
    const heads = (await this.anchor.heads()).filter(
      (head) => !tenantId || head.tenantId === tenantId || !head.isGenuine,
    );
    const stored = (await this.pool.query<{ id: string }>(CHAINS)).rows.map((row) => row.id);
    const chains = new Set(
      tenantId ? [tenantId] : [...stored, ...heads.filter((h) => h.isGenuine).map((h) => h.tenantId)],
    );
    const faults: AuditFault[] = heads
      .filter((h) => !h.isGenuine)
      .map((h) => ({ tenantId: h.tenantId, seq: h.seq, kind: 'forged_head' }));
    let [events, pending] = [0, 0];
    for (const chain of chains) {
      const verdict = await this.verifyChain(
        chain,
        heads.filter((h) => h.isGenuine && h.tenantId === chain),
      );
      events += verdict.events;
      pending += verdict.pending;
      faults.push(...verdict.faults);
    }
    return { chains: chains.size, events, pending, faults };
  }

  private async verifyChain(tenantId: string, heads: readonly NotedHead[]): Promise<Omit<AuditVerdict, 'chains'>> {
    const walk = new ChainWalk(tenantId, heads);
    for (;;) {
      const { rows } = await this.pool.query<SealedRow>(LINKS, [tenantId, walk.seq]);
      for (const row of rows) walk.step(row);
      if (rows.length < SLICE) break;
    }
    const [loose] = (await this.pool.query<{ unsealed: number; pending: number }>(LOOSE, [tenantId])).rows;
    const faults = walk.end();
    for (let i = 0; i < (loose?.unsealed ?? 0); i++) faults.push({ tenantId, seq: null, kind: 'unsealed_event' });
    return { events: walk.links, pending: loose?.pending ?? 0, faults };
  }
}

/** One pass over a chain, from its first seal to its last. */
class ChainWalk {
  seq = 0;
  links = 0;
  private hash: Buffer = CHAIN_START;
  private newestAtMs = 0;
  private readonly faults: AuditFault[] = [];
  private readonly noted: readonly NotedHead[];
  private next = 0;

  constructor(
    private readonly tenantId: string,
    heads: readonly NotedHead[],
  ) {
    this.noted = heads.toSorted((a, b) => a.seq - b.seq);
  }

  step(row: SealedRow): void {
    if (row.seq !== this.seq + 1) this.fault('missing_seal', this.seq + 1);
    if (!row.prevHash.equals(this.hash)) this.fault('broken_link', row.seq);
    if (row.id === null) this.fault('missing_event', row.seq);
    else this.checkEvent(row as SealedRow & AuditEvent);
    this.compareWithNoted(row);
    this.seq = row.seq;
    this.hash = row.hash;
    this.links++;
  }

  end(): AuditFault[] {
    if ((this.noted.at(-1)?.seq ?? 0) > this.seq) this.fault('cut_chain', this.seq + 1);
    return this.faults;
  }

  /** Every note counts: after a rewrite the sealer notes the new head too. */
  private compareWithNoted({ seq, hash }: SealedRow): void {
    const heads: NotedHead[] = [];
    for (let head = this.noted[this.next]; head && head.seq <= seq; head = this.noted[++this.next]) heads.push(head);
    if (heads.some((head) => head.seq === seq && head.hash !== hash.toString('hex')))
      this.fault('rewritten_chain', seq);
  }

  private checkEvent(row: SealedRow & AuditEvent): void {
    if (!auditHash(row.prevHash, row.seq, row).equals(row.hash)) this.fault('changed_event', row.seq);
    const atMs = Date.parse(row.at);
    if (atMs < this.newestAtMs - LATE_MS) this.fault('backdated_event', row.seq);
    this.newestAtMs = Math.max(this.newestAtMs, atMs);
  }

  private fault(kind: AuditFault['kind'], seq: number): void {
    this.faults.push({ tenantId: this.tenantId, seq, kind });
  }
}
