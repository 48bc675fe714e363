import type { QueryRunner } from 'typeorm';

/**
 * Runs DDL inside the current transaction as maru_owner, the role that owns both schemas. The role is given back before
 * TypeORM notes the migration as done: its table belongs to the user that connects.
 */
export async function runAsOwner(runner: QueryRunner, sql: string): Promise<void> {
  await runner.query('set local role maru_owner');
  await runner.query(sql);
  await runner.query('reset role');
}
