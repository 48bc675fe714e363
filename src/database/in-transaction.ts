import type pg from 'pg';

/** A link that did not answer the work will not answer this either: the connection is closed, and the server rolls back. */
const ROLLBACK = { text: 'rollback', query_timeout: 1_000 };

/**
 * One transaction on a connection of a role's pool. For roles that serve all tenants: what belongs to one tenant goes
 * through TenantDb. A connection whose rollback fails is closed.
 */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    broken = false;
    return result;
  } catch (error) {
    await client.query(ROLLBACK).then(
      () => (broken = false),
      () => undefined,
    );
    throw error;
  } finally {
    client.release(broken);
  }
}
