import pg from 'pg';
import { CpuMeter } from './cpu-meter.mjs';

/** A migrated database with what a case needs of it: configuration, a superuser's connection, the meters. */
export async function makePlace(server, name) {
  const { url, config, environment } = await server.productDatabase(name);
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // the statement in flight rejects too
  await client.connect();
  const walBytes = async () => {
    const { rows } = await client.query(`select (pg_current_wal_insert_lsn() - '0/0')::float8 as bytes`);
    return rows[0].bytes;
  };
  const cpu = new CpuMeter([server.postgres.pid]);
  return { url, config, environment, client, walBytes, cpu, close: () => client.end() };
}
