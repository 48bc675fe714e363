import { Injectable } from '@nestjs/common';
import type { AuditActor } from '../audit/audit-trail.js';
import { ApiKeys } from '../auth/api-keys.service.js';
import { GRANTABLE_TO_KEYS } from '../auth/scopes.js';

/** The API key that a tenant begins with. */
@Injectable()
export class FirstApiKey {
  constructor(private readonly apiKeys: ApiKeys) {}

  /** A live key with every scope that a key may hold. @returns the key, which cannot be read again */
  async issue(tenantId: string, name: string, actor: AuditActor): Promise<string> {
    const wanted = { name, scopes: [...GRANTABLE_TO_KEYS], mode: 'live' as const, createdBy: actor.id ?? undefined };
    return (await this.apiKeys.issue(tenantId, wanted, actor)).key;
  }
}
