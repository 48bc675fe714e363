import { Injectable, Logger } from '@nestjs/common';
import { WorkerPool } from '../role-pool.js';

/** Autovacuum looks at a database once a minute by default; a busy queue makes 100,000 dead rows in that time. */
export const VACUUM_MS = 10_000;
/** Dead rows below which a vacuum is not worth its time: 1,000 of 100 bytes at a fill of 40 % are about 250 KiB. */
const WORTH_DEAD_ROWS = 1_000;

/** The role's own limit of a statement. */
const LONGEST_VACUUM_MS = 15_000;

/** The tables that every job passes through: each row lives for seconds. */
const DUE = `
select 'maru.' || c.relname as name, pg_relation_size(c.oid)::float8 as bytes, coalesce(s.n_dead_tup, 0)::int as dead,
       case when current_setting('server_version_num')::int >= 170000 then has_table_privilege(c.oid, 'MAINTAIN') else false end as mine
  from pg_class c left join pg_stat_user_tables s on s.relid = c.oid
 where c.oid in ('maru.job_queue'::regclass, 'maru.outbox'::regclass)`;

interface DueTable {
  readonly name: string;
  readonly bytes: number;
  readonly dead: number;
  readonly mine: boolean;
}

/**
 * Keeps the queue tables small: their rows are dead within seconds, and dead rows make every claim slower until somebody
 * vacuums. Since PostgreSQL 17 our role may; before, autovacuum alone does it. Several workers do no harm: a table that
 * is being vacuumed is skipped, and afterwards it has too few dead rows to be worth another one.
 */
@Injectable()
export class QueueVacuum {
  private readonly log = new Logger(QueueVacuum.name);

  constructor(private readonly pool: WorkerPool) {}

  /** Vacuums what is worth it. Returns the names of those tables. */
  async run(worthDeadRows = WORTH_DEAD_ROWS): Promise<string[]> {
    const { rows } = await this.pool.query<DueTable>(DUE);
    const due = rows.filter((table) => table.mine && table.dead >= worthDeadRows);
    for (const { name } of due) {
      const query = { text: `vacuum (skip_locked) ${name}`, query_timeout: LONGEST_VACUUM_MS };
      await this.pool.query(query);
    }
    if (due.length > 0) this.log.debug(`vacuumed ${due.map((t) => `${t.name} (${t.dead} dead rows)`).join(', ')}`);
    return due.map((table) => table.name);
  }
}
