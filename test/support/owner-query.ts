import pg from 'pg';

let pool: pg.Pool | null = null;

/**
 * Runs a statement as the owner of the test database, on connections that stay: for tests with many of them. They end with
 * the database of the test file.
 */
export async function ownerQuery<R extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<R[]> {
  pool ??= newPool();
  return (await pool.query<R>(text, values)).rows;
}

function newPool(): pg.Pool {
  const made = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 2, allowExitOnIdle: true });
  made.on('error', () => undefined); // the database is dropped under it
  return made;
}
