import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

/** A key that is rotated points at the one that replaces it. */
export class RotateApiKeys1764000000710 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(
      runner,
      `alter table maru.api_keys add column replaced_by uuid;
       alter table maru.api_keys add constraint api_keys_replaced_by_fkey
         foreign key (tenant_id, replaced_by) references maru.api_keys (tenant_id, id);
       comment on column maru.api_keys.replaced_by is 'The key that a rotation made; this one expires when the overlap ends.';
       grant update (replaced_by) on maru.api_keys to maru_app`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, 'alter table maru.api_keys drop column replaced_by');
  }
}
