import { Injectable } from '@nestjs/common';
import { type AuditActor, AuditTrail } from '../../audit/audit-trail.js';
import { newUuid, publicId } from '../../common/ids.js';
import { PLAIN_TEXT } from '../../common/plain-text.js';
import { TenantDb } from '../../database/tenant-db.js';
import { AccountLinks } from '../members/account-links.service.js';
import { Principals } from '../principals.js';
import { type IdentifiedMember, MemberIdentitiesRepository } from './member-identities.repository.js';
import { OidcRefusedError } from './oidc.errors.js';
import type { OidcSettings } from './oidc-settings.js';
import type { ProvidedIdentity } from './provided-identity.js';
import { vouchedAddress } from './vouched-address.js';

const MAX_NAME = 100;

type Known = ProvidedIdentity & { readonly email: string };

/**
 * From an identity to a member. The first time, a verified address names the member; from then on issuer and subject do,
 * so that an address that somebody else gets later opens nothing.
 */
@Injectable()
export class MemberIdentities {
  constructor(
    private readonly repository: MemberIdentitiesRepository,
    private readonly links: AccountLinks,
    private readonly db: TenantDb,
    private readonly principals: Principals,
    private readonly audit: AuditTrail,
  ) {}

  /** @returns the member's uuid @throws OidcRefusedError */
  async admit(tenantId: string, who: ProvidedIdentity, rules: OidcSettings, actor: AuditActor): Promise<string> {
    const known = { ...who, email: vouchedAddress(who, rules) };
    const id = await this.db.run(tenantId, async () => {
      const member = await this.repository.byIdentity(tenantId, who.issuer, who.subject);
      if (member?.status === 'active') return member.id;
      if (member) return this.revive(tenantId, member, known, actor);
      return this.introduce(tenantId, known, rules, actor);
    });
    this.principals.forget(); // an invited member may have become active
    return id;
  }

  private async introduce(tenantId: string, who: Known, rules: OidcSettings, actor: AuditActor): Promise<string> {
    const found = await this.repository.byEmail(tenantId, who.email);
    if (found && (await this.repository.isLinked(tenantId, who.issuer, found.id))) throw new OidcRefusedError('taken');
    const id = found ? await this.revive(tenantId, found, who, actor) : await this.create(tenantId, who, rules, actor);
    await this.repository.link(tenantId, who.issuer, who.subject, id);
    await this.record(tenantId, id, actor, 'member.identity_linked', { issuer: who.issuer });
    return id;
  }

  /** Lets an invited member in; a disabled one stays out. */
  private async revive(tenantId: string, { id, status }: IdentifiedMember, who: Known, actor: AuditActor) {
    if (status === 'disabled') throw new OidcRefusedError('disabled');
    if (status === 'active') return id;
    await this.repository.activate(tenantId, id);
    await this.links.voidAll(tenantId, id);
    await this.record(tenantId, id, actor, 'member.joined', { issuer: who.issuer });
    return id;
  }

  private async create(tenantId: string, who: Known, rules: OidcSettings, actor: AuditActor): Promise<string> {
    if (!rules.createMembers) throw new OidcRefusedError('unknown');
    const { defaultRole: role } = rules;
    const row = { id: newUuid(), email: who.email, name: nameOf(who), role };
    const member = await this.repository.create(tenantId, row);
    if (!member) throw new OidcRefusedError('failed'); // made by another attempt at this moment: the next one finds it
    await this.record(tenantId, member.id, actor, 'member.joined', { issuer: who.issuer, role });
    return member.id;
  }

  private async record(tenantId: string, memberId: string, by: AuditActor, action: string, after: object) {
    const id = publicId('member', memberId);
    const actor = { ...by, type: 'member', id } as const; // the provider vouches for who it is
    await this.audit.record(this.db.manager, { tenantId, actor, action, target: { type: 'member', id }, after });
  }
}

/** The part of the address before the @ stands in for a name that the provider does not give, or that no page may show. */
function nameOf({ name, email }: Known): string {
  const usable = name !== null && PLAIN_TEXT.test(name) ? name : email.slice(0, email.lastIndexOf('@'));
  return usable.slice(0, MAX_NAME);
}
