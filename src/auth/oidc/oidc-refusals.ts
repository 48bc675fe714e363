import { Injectable } from '@nestjs/common';
import { type AuditActor, AuditTrail } from '../../audit/audit-trail.js';
import { publicId } from '../../common/ids.js';
import { TenantDb } from '../../database/tenant-db.js';
import type { OidcRefusalReason } from './oidc.errors.js';

/** Of somebody whom the provider vouches for: without one, nothing is written. */
const AUDITED: ReadonlySet<OidcRefusalReason> = new Set([
  'unverified',
  'unstated',
  'domain',
  'unknown',
  'taken',
  'disabled',
]);

/** Refused sign-ins of people whom the provider vouched for. */
@Injectable()
export class OidcRefusals {
  constructor(
    private readonly db: TenantDb,
    private readonly audit: AuditTrail,
  ) {}

  async record(tenantId: string, reason: OidcRefusalReason, issuer: string, actor: AuditActor): Promise<void> {
    if (!AUDITED.has(reason)) return;
    const target = { type: 'tenant', id: publicId('tenant', tenantId) };
    const entry = { tenantId, actor, action: 'member.sign_in_refused', target, outcome: 'denied', reason } as const;
    await this.db.run(tenantId, (manager) => this.audit.record(manager, { ...entry, after: { issuer } }));
  }
}
