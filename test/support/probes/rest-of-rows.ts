import { randomBytes } from 'node:crypto';
import { newUuid } from '../../../src/common/ids.js';
import type { Company } from '../authorization/company.js';

type Statement = readonly [text: string, values: unknown[]];

/** Rows of the tables that nothing in a test would write by itself: chores, sign-ins in two steps, the sealing of logs. */
export function restOfRows({ tenantId, slug, owner }: Company): Statement[] {
  const memberId = owner.memberId;
  const hash = () => randomBytes(32);
  return [
    [
      `insert into maru.account_tokens (tenant_id, hash, purpose, member_id, expires_at) values ($1, $2, 'invitation', $3, now() + interval '1 day')`,
      [tenantId, hash(), memberId],
    ],
    [
      `insert into maru.login_challenges (tenant_id, hash, subject_kind, subject_id, expires_at) values ($1, $2, 'member', $3, now() + interval '1 day')`,
      [tenantId, hash(), memberId],
    ],
    [`insert into maru.login_failures (tenant_id, account, failures) values ($1, $2, 1)`, [tenantId, hash()]],
    [
      `insert into maru.recovery_codes (tenant_id, subject_id, hash) select tenant_id, subject_id, $2 from maru.second_factors where tenant_id = $1 limit 1`,
      [tenantId, hash()],
    ],
    [
      `insert into maru.audit_seals (tenant_id, seq, event_id, prev_hash, hash) select tenant_id, 1, id, $2, $2 from maru.audit_events where tenant_id = $1 limit 1`,
      [tenantId, hash()],
    ],
    [`insert into maru.outbox (tenant_id, kind, body) values ($1, 'job.succeeded', $2)`, [tenantId, { slug }]],
    [
      `insert into maru.job_retention (tenant_id, erased_through) values ($1, '00000000-0000-7000-8000-000000000000')`,
      [tenantId],
    ],
    [
      `insert into maru.oidc_providers (tenant_id, id, issuer, client_id, client_secret, label, allowed_domains, create_members, default_role, enabled)
       values ($1, $2, 'https://id.example', $3, $4, $3, '{}', false, 'viewer', true)`,
      [tenantId, newUuid(), slug, hash()],
    ],
    [
      `insert into maru.member_identities (tenant_id, issuer, subject, member_id) values ($1, 'https://id.example', $2, $3)`,
      [tenantId, slug, memberId],
    ],
    [`insert into maru.job_retention_late (tenant_id, id) values ($1, $2)`, [tenantId, newUuid()]],
    [
      `insert into maru.queue_outlooks (tenant_id, worker, at, outlook) values ($1, 1, now() - interval '1 hour', $2)`,
      [tenantId, { slug }],
    ],
    [`insert into maru.model_grants (tenant_id, model_id) values ($1, $2)`, [tenantId, newUuid()]],
    [
      `insert into maru.tenant_keys (tenant_id, id, kek_id, wrapped) values ($1, $2, $3, '\\x00') on conflict do nothing`,
      [tenantId, newUuid(), slug],
    ],
    [
      `insert into maru.tenant_plans (tenant_id, plan, valid_from) values ($1, 'standard', now()) on conflict do nothing`,
      [tenantId],
    ],
    [
      `insert into maru.tenant_brand_versions (tenant_id, version, doc, css_sha256, note) values ($1, 99, $2, repeat('0', 64), $3)`,
      [tenantId, { slug }, slug],
    ],
    [
      `insert into maru.usage_hours (tenant_id, hour, analyzer, created_by, currency, jobs, units, device_us, amount) values ($1, date_trunc('hour', now()), $2, $2, '', 1, 1, 1, 0)`,
      [tenantId, slug],
    ],
    [
      `insert into maru.idempotency_keys (tenant_id, key, fingerprint, job_id) values ($1, $2, $2, $3)`,
      [tenantId, slug, newUuid()],
    ],
    [
      `insert into maru.job_files (tenant_id, file_id, job_id) select tenant_id, id, $2 from maru.files where tenant_id = $1 limit 1`,
      [tenantId, newUuid()],
    ],
  ];
}
