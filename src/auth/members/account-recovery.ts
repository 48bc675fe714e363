import { Injectable } from '@nestjs/common';
import { type AuditActor, AuditTrail } from '../../audit/audit-trail.js';
import { publicId } from '../../common/ids.js';
import { TenantDb } from '../../database/tenant-db.js';
import { normalizeEmail } from '../email.js';
import { requirePassword } from '../new-account.js';
import { PasswordHasher } from '../password-hasher.js';
import { Principals } from '../principals.js';
import { SessionsRepository } from '../sessions.repository.js';
import type { LinkPurpose } from './account-links.repository.js';
import { AccountLinks, type PresentedLink } from './account-links.service.js';
import { LinkNotValidError } from './members.errors.js';
import { MembersRepository } from './members.repository.js';

/** What somebody does with a one-time link: accept an invitation, or set a new password. */
@Injectable()
export class AccountRecovery {
  constructor(
    private readonly db: TenantDb,
    private readonly links: AccountLinks,
    private readonly repository: MembersRepository,
    private readonly sessions: SessionsRepository,
    private readonly hasher: PasswordHasher,
    private readonly principals: Principals,
    private readonly audit: AuditTrail,
  ) {}

  /** Whom an invitation is for; it is not used by that. @throws LinkNotValidError, TenantSuspendedError */
  inspect(token: string): Promise<PresentedLink> {
    return this.links.present(token, 'invitation');
  }

  /**
   * Makes the invited member active. @param name as they write it themselves; null = as whoever invited them did
   * @throws LinkNotValidError, TenantSuspendedError, ValidationFailedError
   */
  async accept(token: string, password: string, name: string | null, actor: AuditActor): Promise<PresentedLink> {
    const link = await this.links.present(token, 'invitation');
    const named = { ...link, name: name?.trim() ?? link.name };
    await this.replacePassword(named, 'invitation', password, actor);
    return named;
  }

  /** Always succeeds: nobody learns whether there is such an account. @param tenantId null for an unknown tenant */
  requestReset(tenantId: string | null, email: string): Promise<void> {
    return this.links.requestReset(tenantId, normalizeEmail(email));
  }

  /** Ends every session of the member. @throws LinkNotValidError, TenantSuspendedError, ValidationFailedError */
  async reset(token: string, password: string, actor: AuditActor): Promise<void> {
    const link = await this.links.present(token, 'password_reset');
    await this.replacePassword(link, 'password_reset', password, actor);
  }

  private async replacePassword(link: PresentedLink, purpose: LinkPurpose, password: string, by: AuditActor) {
    const { tenantId, memberId, email, name } = link;
    const isInvitation = purpose === 'invitation';
    requirePassword(password, [email, name]);
    const hash = await this.hasher.hash(password); // before the transaction: it takes 60 ms
    await this.db.run(tenantId, async (manager) => {
      await this.links.use(link, purpose);
      const from = isInvitation ? 'invited' : 'active';
      const isSet = await this.repository.setPassword(tenantId, memberId, { hash, name, from });
      if (!isSet) throw new LinkNotValidError();
      await this.sessions.revokeAllHere(tenantId, memberId, 'password');
      const id = publicId('member', memberId);
      await this.audit.record(manager, {
        tenantId,
        actor: { ...by, type: 'member', id }, // the link proves who it is
        action: isInvitation ? 'member.joined' : 'member.password_reset',
        target: { type: 'member', id },
      });
    });
    this.principals.forget();
  }
}
