import { adminQuery } from '../admin-query.js';

/** Takes row-level security off all tenants' tables of the test's own database, does the work, and puts it back. */
export async function withoutRowSecurity<T>(tables: readonly string[], work: () => Promise<T>): Promise<T> {
  const url = process.env.DATABASE_URL as string;
  const all = [...tables, 'tenants'];
  const turn = (what: 'disable' | 'enable') =>
    all.map((table) => `alter table maru.${table} ${what} row level security`);
  await adminQuery(url, ...turn('disable'));
  try {
    return await work();
  } finally {
    await adminQuery(url, ...turn('enable'));
  }
}

/** Lets the application role end its own connections, which is how a connection gets lost here. */
export async function allowLosses(): Promise<void> {
  await adminQuery(
    process.env.DATABASE_URL as string,
    'grant execute on function pg_terminate_backend(int, bigint) to maru_app',
  );
}
