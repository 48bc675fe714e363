import pg from 'pg';
import { INPUT_TEXT } from './sample-job.mjs';
import { newUuid } from '../../dist/src/common/ids.js';

const STAGES = ['queued', 'prepare', 'batch', 'infer', 'interpret'];
/** Fewer connections than callers: more would cost the server switches that this way need not pay. */
const CONNECTIONS = 32;

/**
 * The usual way: a jobs table with a status, a table of transitions, and each of five changes as an INSERT and an UPDATE,
 * every one its own transaction. The schema is bare: two primary keys, no tenants, row-level security, fencing, result, ledger, outbox or idempotency; the job
 * rows are there before the clock starts.
 */
export class UsualWay {
  static async start(url) {
    const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
    await pool.query(`
      create table jobs (id uuid primary key, status text not null, input jsonb not null, updated_at timestamptz not null default now());
      create table job_transitions (job_id uuid not null, seq smallint not null, stage text not null,
        at timestamptz not null default now(), primary key (job_id, seq))`);
    return new UsualWay(pool);
  }

  constructor(pool) {
    this.pool = pool;
  }

  async prepare(count) {
    const ids = Array.from({ length: count }, newUuid);
    await this.pool.query(`insert into jobs (id, status, input) select i, 'new', $2 from unnest($1::uuid[]) u(i)`, [
      ids,
      INPUT_TEXT,
    ]);
    return ids;
  }

  /** Carries these jobs through, `concurrency` at a time. */
  async run(ids, concurrency) {
    const left = [...ids];
    const caller = async () => {
      for (let id = left.pop(); id; id = left.pop())
        for (const [seq, stage] of STAGES.entries()) await this.#change(id, seq, stage);
    };
    await Promise.all(Array.from({ length: concurrency }, caller));
  }

  async #change(id, seq, stage) {
    const insert = 'insert into job_transitions (job_id, seq, stage) values ($1, $2, $3)';
    const update = 'update jobs set status = $2, updated_at = now() where id = $1';
    await this.pool.query({ name: 'insert', text: insert, values: [id, seq, stage] });
    await this.pool.query({ name: 'update', text: update, values: [id, stage] });
  }

  close() {
    return this.pool.end();
  }
}
