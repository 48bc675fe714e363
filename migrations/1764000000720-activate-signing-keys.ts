import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

/** Notes since when a signing key is the current one: signers wait until every process has seen the change. */
export class ActivateSigningKeys1764000000720 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(
      runner,
      `alter table maru.signing_keys add column activated_at timestamptz;
       comment on column maru.signing_keys.activated_at is
         'When a rotation made it current; null for the first key. It signs a little later, when every process knows it.'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, 'alter table maru.signing_keys drop column activated_at');
  }
}
