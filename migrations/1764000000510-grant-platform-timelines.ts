import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

const GRANT = `
create policy platform on maru.job_timeline for select to maru_platform using (true);
grant select on maru.job_timeline to maru_platform;
grant select (log) on maru.job_ends to maru_platform`;
const REVOKE = `
revoke select (log) on maru.job_ends from maru_platform;
revoke select on maru.job_timeline from maru_platform;
drop policy platform on maru.job_timeline`;

/** Operators may see when and where a job ran and why it waited: its history, never its input or its result. */
export class GrantPlatformTimelines1764000000510 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, GRANT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, REVOKE);
  }
}
