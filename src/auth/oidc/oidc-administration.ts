import { Injectable } from '@nestjs/common';
import { type AuditActor, AuditTrail } from '../../audit/audit-trail.js';
import { NotFoundError, ValidationFailedError } from '../../common/domain-error.js';
import { newUuid, publicId } from '../../common/ids.js';
import { TenantDb } from '../../database/tenant-db.js';
import { requireMatch, tagOf } from '../../http/precondition.js';
import { SecretBox } from '../../secrets/secret-box.js';
import { InsufficientScopeError } from '../auth.errors.js';
import type { TenantContext } from '../tenant-context.js';
import type { OidcSettings, StoredOidcSettings } from './oidc-settings.js';
import { OidcSettingsRepository } from './oidc-settings.repository.js';
import { ProviderCheck, type ProviderReport } from './provider-check.js';
import { FAULT_SENTENCES } from './provider-fault.js';
import { secretPlace } from './tenant-provider.js';

/** What an owner decides; without a secret the stored one stays. */
export type OidcSettingsChange = OidcSettings & { readonly clientSecret?: string };

/** Settings as they are read, with their tag. */
export type TaggedOidcSettings = OidcSettings & { readonly updatedAt: Date; readonly tag: string };

/** The identity provider of a tenant, set up by its owners. */
@Injectable()
export class OidcAdministration {
  constructor(
    private readonly repository: OidcSettingsRepository,
    private readonly check: ProviderCheck,
    private readonly box: SecretBox,
    private readonly db: TenantDb,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws InsufficientScopeError, NotFoundError */
  async get(ctx: TenantContext): Promise<TaggedOidcSettings> {
    requireOwner(ctx);
    const stored = await this.repository.find(ctx.tenantId);
    if (!stored) throw new NotFoundError('No identity provider is set up. Put one here.');
    return tagged(stored);
  }

  /** How an issuer answers; nothing is stored. @throws InsufficientScopeError, UnsafeUrlError */
  async test(ctx: TenantContext, issuer: string): Promise<ProviderReport> {
    requireOwner(ctx);
    return this.check.look(issuer);
  }

  /**
   * Sets the provider up once it has answered as one; one that is turned off is not asked.
   * @throws InsufficientScopeError, PreconditionFailedError, UnsafeUrlError, ValidationFailedError
   */
  async put(ctx: TenantContext, wanted: OidcSettingsChange, ifMatch: string | undefined, actor: AuditActor) {
    requireOwner(ctx);
    requireDomains(wanted);
    const { tenantId } = ctx;
    const known = await this.repository.find(tenantId);
    const clientSecret = wanted.clientSecret ?? (await this.knownSecret(tenantId, known, wanted.issuer));
    if (wanted.enabled) await this.requireProvider(wanted.issuer);
    const id = newUuid(); // the secret of another time opens nothing in this row
    const sealed = await this.box.seal(secretPlace(tenantId, id), clientSecret);
    return this.db.run(tenantId, async (manager) => {
      const before = await this.repository.lock(tenantId);
      if (before) requireMatch(ifMatch, tagged(before).tag);
      await this.repository.put(tenantId, { ...wanted, id, clientSecret: sealed });
      const after = tagged((await this.repository.lock(tenantId))!);
      const entry = { ...about(tenantId, actor), before: before && viewOf(before), after: viewOf(after) };
      await this.audit.record(manager, { ...entry, action: 'oidc_provider.changed' });
      return after;
    });
  }

  /** Members keep their accounts, and sign in with a password. @throws InsufficientScopeError, NotFoundError */
  async remove(ctx: TenantContext, actor: AuditActor): Promise<void> {
    requireOwner(ctx);
    const { tenantId } = ctx;
    await this.db.run(tenantId, async (manager) => {
      const before = await this.repository.lock(tenantId);
      if (!before) throw new NotFoundError();
      await this.repository.remove(tenantId);
      const entry = { ...about(tenantId, actor), before: viewOf(before) };
      await this.audit.record(manager, { ...entry, action: 'oidc_provider.removed' });
    });
  }

  /** A secret goes to the provider that it was given for, and to no other. */
  private async knownSecret(tenantId: string, known: StoredOidcSettings | null, issuer: string): Promise<string> {
    if (known?.issuer !== issuer) {
      const message = 'is needed for a new provider';
      throw new ValidationFailedError([{ pointer: '/clientSecret', code: 'required', message }]);
    }
    return (await this.box.open(secretPlace(tenantId, known.id), known.clientSecret)).toString('utf8');
  }

  private async requireProvider(issuer: string): Promise<void> {
    const { fault } = await this.check.look(issuer);
    if (fault === null) return;
    throw new ValidationFailedError([{ pointer: '/issuer', code: 'no_provider', message: FAULT_SENTENCES[fault] }]);
  }
}

function requireOwner({ principal }: TenantContext): void {
  if (principal.kind === 'member' && principal.role === 'owner') return;
  throw new InsufficientScopeError('Only an owner may set up how members sign in.');
}

/** A public provider vouches for anybody. */
function requireDomains({ createMembers, allowedDomains }: OidcSettings): void {
  if (!createMembers || allowedDomains.length > 0) return;
  const message = 'must name a domain, or everybody whom the provider knows would become a member';
  throw new ValidationFailedError([{ pointer: '/allowedDomains', code: 'required', message }]);
}

function viewOf(settings: OidcSettings): OidcSettings {
  const { issuer, clientId, label, allowedDomains, trustedEmailDomains, createMembers, defaultRole, enabled } =
    settings;
  return { issuer, clientId, label, allowedDomains, trustedEmailDomains, createMembers, defaultRole, enabled };
}

function tagged(stored: StoredOidcSettings): TaggedOidcSettings {
  const { id, updatedAt } = stored;
  return { ...viewOf(stored), updatedAt, tag: tagOf({ ...viewOf(stored), id }) };
}

function about(tenantId: string, actor: AuditActor) {
  return { tenantId, actor, target: { type: 'tenant', id: publicId('tenant', tenantId) } };
}
