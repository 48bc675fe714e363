import { Injectable } from '@nestjs/common';
import { type AuditActor, AuditTrail } from '../../audit/audit-trail.js';
import { NotFoundError } from '../../common/domain-error.js';
import { newUuid, publicId } from '../../common/ids.js';
import { TenantDb } from '../../database/tenant-db.js';
import { AlreadyExistsError, UnauthenticatedError } from '../auth.errors.js';
import { normalizeEmail } from '../email.js';
import { requireAccount } from '../new-account.js';
import { Principals } from '../principals.js';
import type { MemberRole } from '../scopes.js';
import { SecondFactorsRepository } from '../second-factor/second-factors.repository.js';
import { SessionsRepository } from '../sessions.repository.js';
import type { TenantContext } from '../tenant-context.js';
import { AccountLinks, type MadeLink } from './account-links.service.js';
import type { Member, MemberChange } from './member.js';
import { LastOwnerError, MemberStatusError, OwnerExistsError, OwnersOnlyError } from './members.errors.js';
import { MembersRepository } from './members.repository.js';

/** Whom to invite. */
export interface Invitation {
  readonly email: string;
  readonly name: string;
  readonly role: MemberRole;
}

/** Somebody who was invited, and the link for them. */
export interface InvitedMemberWithLink {
  readonly member: Member;
  readonly link: MadeLink;
}

interface Locked {
  readonly target: Member;
  /** Who may not do what an owner may. */
  readonly isCallerOwner: boolean;
  readonly isLastOwner: boolean;
}

/** The members of a tenant, managed by its owners and admins. Every change is one transaction with its audit entry. */
@Injectable()
export class MemberAdministration {
  constructor(
    private readonly db: TenantDb,
    private readonly repository: MembersRepository,
    private readonly links: AccountLinks,
    private readonly sessions: SessionsRepository,
    private readonly principals: Principals,
    private readonly factors: SecondFactorsRepository,
    private readonly audit: AuditTrail,
  ) {}

  /** In the order of their creation, after the one with `afterId`. */
  list({ tenantId }: TenantContext, limit: number, afterId: string | null): Promise<Member[]> {
    return this.repository.list(tenantId, limit, afterId);
  }

  /** @throws ValidationFailedError, OwnersOnlyError, AlreadyExistsError */
  async invite(ctx: TenantContext, wanted: Invitation, actor: AuditActor): Promise<InvitedMemberWithLink> {
    return this.db.run(ctx.tenantId, async () => {
      await this.requireRank(ctx, wanted.role);
      return this.add(ctx.tenantId, wanted, actor);
    });
  }

  /**
   * The first owner of a tenant, invited by the platform. Whoever was invited as such gets a new link, and the old one is
   * void. @throws ValidationFailedError, AlreadyExistsError, OwnerExistsError once the tenant has an active owner
   */
  inviteOwner(tenantId: string, who: Omit<Invitation, 'role'>, actor: AuditActor): Promise<InvitedMemberWithLink> {
    return this.db.run(tenantId, async () => {
      const owners = await this.repository.lockOwners(tenantId);
      if (owners.some(({ status }) => status === 'active')) throw new OwnerExistsError();
      const known = owners.find(({ email, status }) => status === 'invited' && email === normalizeEmail(who.email));
      return known ? this.renew(tenantId, known, actor) : this.add(tenantId, { ...who, role: 'owner' }, actor);
    });
  }

  /** A new link; the old one is void. @throws NotFoundError, MemberStatusError, OwnersOnlyError */
  renewInvitation(ctx: TenantContext, id: string, actor: AuditActor): Promise<InvitedMemberWithLink> {
    return this.makeLink(ctx, id, actor, 'invitation');
  }

  /** A link with which the member chooses a new password. @throws NotFoundError, MemberStatusError, OwnersOnlyError */
  resetPassword(ctx: TenantContext, id: string, actor: AuditActor): Promise<InvitedMemberWithLink> {
    return this.makeLink(ctx, id, actor, 'password_reset');
  }

  /** @throws NotFoundError, OwnersOnlyError, LastOwnerError, MemberStatusError */
  async change(ctx: TenantContext, id: string, change: MemberChange, actor: AuditActor): Promise<Member> {
    const { tenantId } = ctx;
    const changed = await this.db.run(tenantId, async (manager) => {
      const locked = await this.lock(ctx, id);
      const { target } = locked;
      const wanted = { ...pick(target), ...change };
      requireStays(locked, wanted);
      if (change.role === 'owner' && !locked.isCallerOwner) throw new OwnersOnlyError();
      if (change.status === 'active' && target.status === 'invited')
        throw new MemberStatusError('invited', ['disabled']);
      const after = await this.repository.update(tenantId, target, { ...wanted, name: wanted.name.trim() });
      if (after.status === 'disabled') await this.lockOut(tenantId, id);
      const entry = { ...about(tenantId, actor, target), before: view(target), after: view(after) };
      await this.audit.record(manager, { ...entry, action: 'member.changed' });
      return after;
    });
    this.principals.forget();
    return changed;
  }

  /** @throws NotFoundError, OwnersOnlyError, LastOwnerError */
  async remove(ctx: TenantContext, id: string, actor: AuditActor): Promise<void> {
    const { tenantId } = ctx;
    await this.db.run(tenantId, async (manager) => {
      const locked = await this.lock(ctx, id);
      requireStays(locked, { role: locked.target.role, status: 'disabled' });
      await this.lockOut(tenantId, id);
      await this.factors.remove({ realm: tenantId, subjectId: id });
      await this.repository.remove(tenantId, id);
      const entry = { ...about(tenantId, actor, locked.target), before: view(locked.target) };
      await this.audit.record(manager, { ...entry, action: 'member.removed' });
    });
    this.principals.forget();
  }

  /** For a member who lost the phone and the recovery codes. @throws NotFoundError, OwnersOnlyError */
  async removeSecondFactor(ctx: TenantContext, id: string, actor: AuditActor): Promise<void> {
    const { tenantId } = ctx;
    await this.db.run(tenantId, async (manager) => {
      const { target } = await this.lock(ctx, id);
      if (!(await this.factors.remove({ realm: tenantId, subjectId: id }))) throw new NotFoundError();
      await this.audit.record(manager, { ...about(tenantId, actor, target), action: 'member.second_factor_removed' });
    });
  }

  private async add(tenantId: string, wanted: Invitation, actor: AuditActor): Promise<InvitedMemberWithLink> {
    const email = normalizeEmail(wanted.email);
    requireAccount({ ...wanted, email });
    const row = { id: newUuid(), email, name: wanted.name.trim(), role: wanted.role, invitedBy: actor.id };
    const member = await this.repository.insert(tenantId, row);
    if (!member) throw new AlreadyExistsError('This tenant has a member with this e-mail address.');
    const link = await this.links.make(tenantId, 'invitation', member);
    const entry = { ...about(tenantId, actor, member), after: view(member) };
    await this.audit.record(this.db.manager, { ...entry, action: 'member.invited' });
    return { member, link };
  }

  private async renew(tenantId: string, member: Member, actor: AuditActor): Promise<InvitedMemberWithLink> {
    const link = await this.links.make(tenantId, 'invitation', member);
    await this.audit.record(this.db.manager, {
      ...about(tenantId, actor, member),
      action: 'member.invitation_renewed',
    });
    return { member, link };
  }

  private makeLink(ctx: TenantContext, id: string, actor: AuditActor, purpose: 'invitation' | 'password_reset') {
    const { tenantId } = ctx;
    const needed = purpose === 'invitation' ? 'invited' : 'active';
    return this.db.run(tenantId, async (manager) => {
      const { target: member } = await this.lock(ctx, id);
      if (member.status !== needed) throw new MemberStatusError(member.status, [needed]);
      const link = await this.links.make(tenantId, purpose, member);
      const action = purpose === 'invitation' ? 'member.invitation_renewed' : 'member.password_reset_offered';
      await this.audit.record(manager, { ...about(tenantId, actor, member), action });
      return { member, link };
    });
  }

  /** The target and all owners, locked. What the caller may is read from the same rows: a credential may be 5 s old. */
  private async lock({ tenantId, principal }: TenantContext, id: string): Promise<Locked> {
    const rows = await this.repository.lock(tenantId, [id, principal.id]);
    const caller = rows.find((member) => member.id === principal.id);
    const target = rows.find((member) => member.id === id);
    if (caller?.status !== 'active') throw new UnauthenticatedError();
    if (!target) throw new NotFoundError();
    const isCallerOwner = caller.role === 'owner';
    if (target.role === 'owner' && !isCallerOwner) throw new OwnersOnlyError();
    const owners = rows.filter(({ role, status }) => role === 'owner' && status === 'active');
    return { target, isCallerOwner, isLastOwner: owners.length === 1 && owners[0]!.id === id };
  }

  /** Only an owner makes an owner. */
  private async requireRank({ tenantId, principal }: TenantContext, role: MemberRole): Promise<void> {
    const caller = (await this.repository.lock(tenantId, [principal.id])).find(({ id }) => id === principal.id);
    if (caller?.status !== 'active') throw new UnauthenticatedError();
    if (role === 'owner' && caller.role !== 'owner') throw new OwnersOnlyError();
  }

  private async lockOut(tenantId: string, id: string): Promise<void> {
    await this.sessions.revokeAllHere(tenantId, id, 'removed');
    await this.links.voidAll(tenantId, id);
  }
}

function requireStays({ isLastOwner }: Locked, after: { role: MemberRole; status: string }): void {
  if (isLastOwner && (after.role !== 'owner' || after.status !== 'active')) throw new LastOwnerError();
}

function about(tenantId: string, actor: AuditActor, { id }: Member) {
  return { tenantId, actor, target: { type: 'member', id: publicId('member', id) } };
}

function pick({ name, role, status }: Member): Pick<Member, 'name' | 'role' | 'status'> {
  return { name, role, status };
}

function view({ email, name, role, status }: Member): object {
  return { email, name, role, status };
}
