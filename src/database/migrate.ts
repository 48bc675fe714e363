import pg from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import type { Secrets } from '../config/config.js';
import { UnsupportedServerError } from './database.errors.js';
import { LOGIN_ROLES } from './database-roles.js';
import { MIGRATIONS_TABLE } from './migrations-table.js';
import { migrateQueueSchema } from './queue-schema.js';
import { scramVerifier } from './scram-verifier.js';

const MIGRATION_LOCK = 0x6d617275; // "maru"
const MINIMUM_VERSION = 150_000;

/**
 * Brings the database to the current schema and gives every login role its derived password. Safe to call from several
 * processes at once: one works, the others wait and find it done.
 * @param adminUrl a superuser, or the database's owner with CREATEROLE
 * @throws UnsupportedServerError before anything is changed
 */
export async function migrate(adminUrl: string, secrets: Secrets): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl, application_name: 'maru-migrate' });
  admin.on('error', () => undefined); // the query in flight rejects too
  await admin.connect();
  try {
    await refuseOldServer(admin);
    await admin.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runMigrations(adminUrl);
    await migrateQueueSchema(admin);
    await admin.query(`grant select on public.${MIGRATIONS_TABLE} to maru_auth`);
    for (const role of LOGIN_ROLES) await setPassword(admin, role, secrets.rolePassword(role));
  } finally {
    await admin.end(); // releases the lock
  }
}

/** The data source of the migrations; tests use it to step up and down. The caller initializes and destroys it. */
export function migrationDataSource(adminUrl: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url: adminUrl,
    schema: 'public',
    migrations,
    migrationsTableName: MIGRATIONS_TABLE,
    installExtensions: false,
    extra: { max: 1, application_name: 'maru-migrate' },
  });
}

async function runMigrations(adminUrl: string): Promise<void> {
  const dataSource = migrationDataSource(adminUrl);
  await dataSource.initialize();
  try {
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await dataSource.destroy();
  }
}

async function refuseOldServer(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ number: string; text: string }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as text`,
  );
  if (Number(rows[0]?.number) < MINIMUM_VERSION) throw new UnsupportedServerError(rows[0]?.text ?? 'unknown');
}

/** Roles belong to the whole server, so a starter of another database may write the same row: XX000, try again. */
async function setPassword(admin: pg.Client, role: string, password: string): Promise<void> {
  const statement = `alter role ${pg.escapeIdentifier(role)} password ${pg.escapeLiteral(scramVerifier(password))}`;
  for (let attempt = 1; ; attempt++) {
    try {
      await admin.query(statement);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== 'XX000' || attempt === 20) throw error;
    }
  }
}
