import { randomBytes } from 'node:crypto';
import type { TenantDb } from '../../../src/database/tenant-db.js';
import { ownerQuery as query } from '../owner-query.js';

/** A statement without any filter, in the name of a tenant; resolves with what came back. */
export type RowProbe = (db: TenantDb, own: string, foreign: string) => Promise<unknown>;

/** Statements that a table must answer with the tenant's own rows alone, or refuse. */
export interface TableProbes {
  readonly table: string;
  readonly reads: readonly RowProbe[];
  /** These must not change anything, whatever happens. */
  readonly writes: readonly RowProbe[];
}

/** Rows of one read; whose rows the whole table shows is asked apart. */
const ROWS = 50;
const DEADLOCK = '40P01';
/** Codes that refuse: no privilege, or the policy. */
const REFUSED = new Set(['42501', '23503', '23505', '23514', '23502', '55000', '428C9', DEADLOCK]);

/** Probes of every table that the application role may read, each with the columns that it may see. */
export async function tableProbes(tables: readonly string[]): Promise<TableProbes[]> {
  const rows = await query<{ table: string; columns: string[] }>(
    `select c.relname as table, array_agg(quote_ident(a.attname) order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'maru'::regnamespace and c.relname = any($1)
        and has_column_privilege('maru_app', c.oid, a.attnum, 'select') group by 1 order by 1`,
    [[...tables, 'tenants']],
  );
  return rows.map(({ table, columns }) => probesOf(table, columns));
}

function probesOf(table: string, columns: readonly string[]): TableProbes {
  const tenant = table === 'tenants' ? 'id' : 'tenant_id';
  const all = `select ${columns.join(', ')} from maru.${table}`;
  const [some] = columns.filter((column) => column !== tenant);
  return {
    table,
    reads: [
      (db, own) => db.one(own, { text: `${all} limit ${ROWS}` }),
      (db, own) => db.run(own, (m) => m.query(`${all} order by 1 desc limit ${ROWS}`)),
      (db, own) => db.run(own, () => db.run(own, () => db.manager.query(`${all} limit ${ROWS}`))),
      (db, own, foreign) => db.one(own, { text: `${all} where ${tenant} = $1`, values: [foreign] }),
      (db, own) =>
        db.one(own, { text: `select count(*)::int as n, array_agg(distinct ${tenant}) as tenants from maru.${table}` }),
    ],
    writes: [
      (db, own, foreign) => undone(db, own, `delete from maru.${table} where ${tenant} = $1`, [foreign]),
      (db, own, foreign) =>
        undone(db, own, `update maru.${table} set ${some ?? tenant} = ${some ?? tenant} where ${tenant} = $1`, [
          foreign,
        ]),
      (db, own, foreign) => undone(db, own, `insert into maru.${table} (${tenant}) values ($1)`, [foreign]),
      (db, own, foreign) => undone(db, own, `update maru.${table} set ${tenant} = $1`, [foreign]),
    ],
  };
}

/** Runs a statement and takes it back. Resolves with the rows that it touched; a refusal is none. */
async function undone(db: TenantDb, own: string, text: string, values: unknown[]): Promise<number> {
  const over = new Error('taken back');
  let touched = 0;
  const work = db.run(own, async (manager) => {
    const answer: unknown = await manager.query(text, values);
    touched = Array.isArray(answer) && typeof answer[1] === 'number' ? answer[1] : 0;
    throw over;
  });
  await work.catch((error: { code?: string }) => {
    if ((error as Error) !== over && !REFUSED.has(error.code ?? '')) throw error;
  });
  return touched;
}

/** Ways in which a transaction goes wrong; whoever comes next on its connection must not notice. */
export const FAULTS: Readonly<Record<string, RowProbe>> = {
  'error after a write': (db, own) =>
    failing(
      '22012',
      db.run(own, async (manager) => {
        await manager.query('update maru.members set name = name where tenant_id = $1', [own]);
        await manager.query('select 1 / 0');
      }),
    ),
  'error in one round trip': (db, own) => failing('22012', db.one(own, { text: 'select 1 / 0' })),
  'statement timeout': (db, own) =>
    failing(
      '57014',
      db.run(own, async (manager) => {
        await manager.query(`set local statement_timeout = '3ms'`);
        await manager.query('select pg_sleep(1)');
      }),
    ),
  'lost connection': (db, own) =>
    failing(
      '57P01',
      db.run(own, (manager) => manager.query('select pg_terminate_backend(pg_backend_pid())')),
    ),
  'another tenant inside': (db, own, foreign) =>
    failing(
      'internal-error',
      db.run(own, () => db.run(foreign, (manager) => manager.query('select 1'))),
    ),
  'setting of the whole connection': (db, own, foreign) =>
    failing(
      '22012',
      db.run(own, async (manager) => {
        await manager.query(`select set_config('maru.tenant_id', $1, true)`, [foreign]);
        await manager.query('select 1 / 0');
      }),
    ),
  'no tenant': (db) => failing('internal-error', db.one(randomBytes(4).toString('hex'), { text: 'select 1' })),
};

async function failing(code: string, work: Promise<unknown>): Promise<null> {
  const error = await work.then(
    () => null,
    (e: { code?: string }) => e,
  );
  if (error?.code === DEADLOCK) return null; // two of these met
  if (error?.code !== code)
    throw new Error(`expected ${code}, got ${String(error?.code ?? 'success')}`, { cause: error });
  return null;
}
