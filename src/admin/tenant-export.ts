import { Injectable } from '@nestjs/common';
import { type AuditActor, AuditTrail } from '../audit/audit-trail.js';
import { NotFoundError } from '../common/domain-error.js';
import { publicId } from '../common/ids.js';
import { inTransaction } from '../database/in-transaction.js';
import { PlatformPool } from '../database/role-pool.js';
import { withPublicIds } from './with-public-ids.js';

/** Everything of a tenant but its inputs and results. */
export type TenantExportDocument = Readonly<Record<string, unknown>> & { readonly object: 'tenant_export' };

const rows = (columns: string, table: string, order: string): string =>
  `coalesce((select json_agg(r) from (select ${columns} from maru.${table} where tenant_id = t.id order by ${order}) r), '[]')`;

const EXPORT = `
  select json_build_object(
    'tenant', json_build_object('id', t.id, 'slug', t.slug, 'name', t.name, 'status', t.status, 'weight', t.weight, 'locales', t.locales,
      'retentionDays', t.retention_days, 'maxQueuedJobs', t.max_queued_jobs, 'createdAt', t.created_at, 'deleteAfter', t.delete_after),
    'domains', ${rows('hostname, status, cert_status as "certStatus"', 'tenant_domains', 'hostname')},
    'branding', ${rows('version, status, doc, note, published_at as "publishedAt"', 'tenant_brand_versions', 'version')},
    'members', ${rows(`id as "memberId", email, name, role, status, created_at as "createdAt"`, 'members', 'id')},
    'apiKeys', ${rows(`id as "apiKeyId", name, start, last4, scopes, expires_at as "expiresAt", revoked_at as "revokedAt"`, 'api_keys', 'id')},
    'identityProviders', ${rows('issuer, client_id as "clientId", label, allowed_domains as "allowedDomains", trusted_email_domains as "trustedEmailDomains", create_members as "createMembers", default_role as "defaultRole", enabled', 'oidc_providers', 'issuer')},
    'analyzers', ${rows('slug, enabled', 'analyzers', 'slug')},
    'plans', ${rows('plan, valid_from as "validFrom"', 'tenant_plans', 'valid_from')},
    'quotas', ${rows('name, quota as "limit", reason, expires_at as "expiresAt"', 'tenant_quotas', 'name')},
    'files', json_build_object('count', (select count(*) from maru.files where tenant_id = t.id), 'bytes', (select coalesce(sum(bytes), 0) from maru.files where tenant_id = t.id)),
    'jobs', json_build_object('queued', (select count(*) from maru.job_queue where tenant_id = t.id), 'ended', (select count(*) from maru.job_ends where tenant_id = t.id)),
    'usage', json_build_object('units', (select coalesce(sum(units), 0) from maru.job_ends where tenant_id = t.id), 'deviceUs', (select coalesce(sum(device_us), 0) from maru.job_ends where tenant_id = t.id))
  ) as document
  from maru.tenants t where t.id = $1`;

/** One JSON of what there is of a tenant; that it was read is audited. */
@Injectable()
export class TenantExport {
  constructor(
    private readonly pool: PlatformPool,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws NotFoundError */
  async of(tenantId: string, actor: AuditActor): Promise<TenantExportDocument> {
    return inTransaction(this.pool, async (client) => {
      const [row] = (await client.query<{ document: Record<string, unknown> }>(EXPORT, [tenantId])).rows;
      if (!row) throw new NotFoundError();
      const target = { type: 'tenant', id: publicId('tenant', tenantId) };
      await this.audit.record(client, { tenantId, actor, action: 'tenant.exported', target });
      const exportedAt = new Date().toISOString();
      return { object: 'tenant_export' as const, exportedAt, ...withPublicIds(row.document) };
    });
  }
}
