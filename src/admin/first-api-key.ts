import { Injectable } from '@nestjs/common';
import { type AuditActor, AuditTrail } from '../audit/audit-trail.js';
import { ApiKeys } from '../auth/api-keys.service.js';
import { GRANTABLE_TO_KEYS } from '../auth/scopes.js';
import { publicId } from '../common/ids.js';
import { TenantDb } from '../database/tenant-db.js';

/** The API key that a tenant begins with. */
@Injectable()
export class FirstApiKey {
  constructor(
    private readonly apiKeys: ApiKeys,
    private readonly db: TenantDb,
    private readonly audit: AuditTrail,
  ) {}

  /** A live key with every scope that a key may hold. @returns the key, which cannot be read again */
  async issue(tenantId: string, name: string, actor: AuditActor): Promise<string> {
    const scopes = [...GRANTABLE_TO_KEYS];
    const wanted = { name, scopes, mode: 'live' as const, createdBy: actor.id ?? undefined };
    const { id, key } = await this.apiKeys.issue(tenantId, wanted);
    const target = { type: 'api_key', id: publicId('apiKey', id) };
    const entry = { tenantId, actor, action: 'api_key.created', target, after: { name, scopes } };
    await this.db.run(tenantId, (manager) => this.audit.record(manager, entry));
    return key;
  }
}
