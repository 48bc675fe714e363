import { runMigrations } from 'bullmq';
import type pg from 'pg';

/**
 * Brings BullMQ's own tables to its version and lets maru_queue work in them. They never migrate by themselves, and a
 * queue that is built before they exist stays broken.
 * @param admin a connection of the privileged user, not inside a transaction
 */
export async function migrateQueueSchema(admin: pg.Client): Promise<void> {
  await runMigrations(admin, 'bullmq');
  await admin.query(`
    grant select, insert, update, delete on all tables in schema bullmq to maru_queue;
    grant execute on all functions in schema bullmq to maru_queue`);
  // Not "all sequences": maru_queue makes one per queue and owns it, and only a superuser may grant on those.
  await admin.query(`do $$ declare s regclass; begin
    for s in select oid from pg_class
      where relnamespace = 'bullmq'::regnamespace and relkind = 'S' and relowner = current_user::regrole loop
      execute format('grant usage, select, update on sequence %s to maru_queue', s);
    end loop;
  end $$`);
}
