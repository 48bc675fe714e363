import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

const UP = `
alter table maru.oidc_providers add column trusted_email_domains text[] not null default '{}';
comment on column maru.oidc_providers.trusted_email_domains is 'Domains whose addresses count as verified when the provider says nothing of it; lower case, punycode. An owner sets them.';
alter table maru.oidc_providers add constraint oidc_providers_trusted_check check (cardinality(trusted_email_domains) <= 20);
grant select (trusted_email_domains) on maru.oidc_providers to maru_platform`;

/** Identity providers that do not say whether an address is verified. */
export class TrustEmailDomains1764000000900 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, 'alter table maru.oidc_providers drop column trusted_email_domains');
  }
}
