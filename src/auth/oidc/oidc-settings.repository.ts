import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/tenant-db.js';
import type { StoredOidcSettings } from './oidc-settings.js';

const COLUMNS = `id, issuer, client_id as "clientId", client_secret as "clientSecret", label, allowed_domains as "allowedDomains",
  trusted_email_domains as "trustedEmailDomains", create_members as "createMembers", default_role as "defaultRole", enabled, updated_at as "updatedAt"`;
const FIND = `select ${COLUMNS} from maru.oidc_providers where tenant_id = $1`;
const PUT = `
  insert into maru.oidc_providers
    (tenant_id, id, issuer, client_id, client_secret, label, allowed_domains, trusted_email_domains, create_members, default_role, enabled)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  on conflict (tenant_id) do update set id = excluded.id, issuer = excluded.issuer, client_id = excluded.client_id,
    client_secret = excluded.client_secret, label = excluded.label, allowed_domains = excluded.allowed_domains,
    trusted_email_domains = excluded.trusted_email_domains, create_members = excluded.create_members, default_role = excluded.default_role, enabled = excluded.enabled,
    updated_at = now()`;

/** The identity provider of each tenant. */
@Injectable()
export class OidcSettingsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Null when the tenant has none. */
  async find(tenantId: string): Promise<StoredOidcSettings | null> {
    const rows = await this.db.one<StoredOidcSettings & Record<string, unknown>>(tenantId, {
      text: FIND,
      values: [tenantId],
    });
    return rows[0] ?? null;
  }

  /** The same inside an open transaction, which then holds the row. */
  async lock(tenantId: string): Promise<StoredOidcSettings | null> {
    const rows: StoredOidcSettings[] = await this.db.manager.query(`${FIND} for update`, [tenantId]);
    return rows[0] ?? null;
  }

  /** Inside an open transaction. */
  async put(tenantId: string, settings: Omit<StoredOidcSettings, 'updatedAt'>): Promise<void> {
    const { id, issuer, clientId, clientSecret, label } = settings;
    const { allowedDomains, trustedEmailDomains, createMembers, defaultRole, enabled } = settings;
    const who = [allowedDomains, trustedEmailDomains, createMembers, defaultRole, enabled];
    await this.db.manager.query(PUT, [tenantId, id, issuer, clientId, clientSecret, label, ...who]);
  }

  /** Inside an open transaction. */
  async remove(tenantId: string): Promise<void> {
    await this.db.manager.query('delete from maru.oidc_providers where tenant_id = $1', [tenantId]);
  }
}
