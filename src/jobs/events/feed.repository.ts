import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/tenant-db.js';
import type { EventCursor } from './event-cursor.js';
import { EventHistoryExpiredError } from './events.errors.js';
import { READ_FEED } from './feed.sql.js';

/** Rows a statement: each stands for one commit. */
const MAX_ROWS = 200;
/** Jobs in them: a row of a busy tenant names hundreds. */
const MAX_JOBS = 500;

/** What one commit wrote of the tenant's jobs. */
export interface FeedRow {
  readonly xid: bigint;
  readonly atMs: number;
  /** uuids; `seqs` and `ns` tell the first transition of each and how many there are. */
  readonly ids: readonly string[];
  readonly seqs: readonly number[];
  readonly ns: readonly number[];
}

/** A part of the log. */
export interface FeedPart {
  readonly rows: readonly FeedRow[];
  /** Everything before it was in the log, and in `rows` unless there are more. */
  readonly watermark: EventCursor;
  readonly more: boolean;
  /** Committed rows above the watermark wait for an older transaction: look again soon. */
  readonly held: boolean;
}

interface Columns {
  readonly watermark: string;
  readonly now: Date;
  readonly expired: boolean;
  readonly held: boolean;
  readonly xid: string | null;
  readonly at: Date;
  readonly ids: string[];
  readonly seqs: number[];
  readonly ns: number[];
  readonly found: number | null;
}

/** Reads of the tenant's event log. */
@Injectable()
export class FeedRepository {
  constructor(private readonly db: TenantDb) {}

  /** Rows from the transaction of the cursor on; null: from the oldest kept. @throws EventHistoryExpiredError */
  async read(tenantId: string, from: EventCursor | null, maxRows = MAX_ROWS): Promise<FeedPart> {
    const columns = await this.db.one<Columns>(tenantId, {
      name: 'job-feed-read',
      text: READ_FEED,
      values: [tenantId, String(from?.xid ?? 0n), from && new Date(from.atMs), maxRows, MAX_JOBS],
    });
    const first = columns[0]!;
    if (first.expired) throw new EventHistoryExpiredError();
    const rows = columns
      .filter((c) => c.xid !== null)
      .map((c) => ({ ...c, xid: BigInt(c.xid!), atMs: c.at.getTime() }));
    const found = first.found ?? 0;
    const watermark = { xid: BigInt(first.watermark), taken: 0, atMs: first.now.getTime() };
    return { rows, watermark, more: found === maxRows || found > rows.length, held: first.held };
  }
}
