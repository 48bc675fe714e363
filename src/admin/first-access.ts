import { Injectable } from '@nestjs/common';
import type { AuditActor } from '../audit/audit-trail.js';
import { ApiKeys } from '../auth/api-keys.service.js';
import { ApiKeyAdministration } from '../auth/keys/api-key-administration.js';
import { type InvitedMemberWithLink, MemberAdministration } from '../auth/members/member-administration.js';
import { requireAccount } from '../auth/new-account.js';
import { GRANTABLE_TO_KEYS } from '../auth/scopes.js';
import type { LaunchRequest } from './launch-request.js';
import { operatorContext } from './operator-context.js';

const MOST_KEYS = 200;

/** With what a tenant gets in at first: an owner and an API key. */
@Injectable()
export class FirstAccess {
  constructor(
    private readonly apiKeys: ApiKeys,
    private readonly keys: ApiKeyAdministration,
    private readonly members: MemberAdministration,
  ) {}

  /** @throws ValidationFailedError */
  requireOwner(owner: NonNullable<LaunchRequest['owner']>): void {
    requireAccount({ email: owner.email.trim(), name: nameOf(owner) });
  }

  /** Invites the owner; again, with a new link, whoever was invited by a launch that broke off. */
  invite(
    tenantId: string,
    owner: NonNullable<LaunchRequest['owner']>,
    actor: AuditActor,
  ): Promise<InvitedMemberWithLink> {
    return this.members.inviteOwner(tenantId, { email: owner.email, name: nameOf(owner) }, actor);
  }

  /**
   * A live key with every scope that a key may hold. One of this name that a launch made before it broke off was never
   * shown for certain: it ends. @returns the key, which cannot be read again
   */
  async issueKey(tenantId: string, name: string, actor: AuditActor): Promise<string> {
    const context = operatorContext(tenantId, actor);
    const known = await this.keys.list(context, MOST_KEYS, null);
    for (const key of known) if (key.name === name.trim()) await this.keys.revoke(context, key.id, actor);
    const wanted = { name, scopes: [...GRANTABLE_TO_KEYS], mode: 'live' as const, createdBy: actor.id ?? undefined };
    return (await this.apiKeys.issue(tenantId, wanted, actor)).key;
  }
}

/** The part of the address before the @ stands in for a name that nobody gave. */
function nameOf({ email, name }: NonNullable<LaunchRequest['owner']>): string {
  return name ?? email.trim().replace(/@.*$/, '').slice(0, 100);
}
