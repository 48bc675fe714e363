import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { newUuid } from '../../src/common/ids.js';

const INSERT = `
with n as (
  insert into maru.jobs (tenant_id, id, analyzer_id, analyzer_slug, analyzer_version, priority, max_attempts, input_digest, input)
  select $1, id, gen_random_uuid(), 'digit-reader', '1', 1, 3, 'sha256:0', '{}' from unnest($2::uuid[]) id)
insert into maru.job_feed (tenant_id, ids, seqs, ns)
select $1, $2, array_fill(1::smallint, array[cardinality($2)]), array_fill(1::smallint, array[cardinality($2)])`;

/**
 * Writes queued jobs with their rows in the event log, as the owner of the database, in transactions that may stay open
 * for a while before or after they wrote.
 */
export class FeedWriter {
  private constructor(private readonly client: pg.Client) {}

  static async connect(): Promise<FeedWriter> {
    const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await client.connect();
    return new FeedWriter(client);
  }

  /** @returns the ids, once they are committed */
  async write(tenantId: string, count: number, openMs = { before: 0, after: 0 }): Promise<string[]> {
    const ids = Array.from({ length: count }, () => newUuid());
    await this.client.query('begin');
    await sleep(openMs.before);
    await this.client.query(INSERT, [tenantId, ids]);
    await sleep(openMs.after);
    await this.client.query('commit');
    return ids;
  }

  /** Starts a transaction that holds every reader back until it is ended. */
  async hold(): Promise<() => Promise<void>> {
    await this.client.query('begin');
    await this.client.query('select pg_current_xact_id()');
    return async () => void (await this.client.query('rollback'));
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
