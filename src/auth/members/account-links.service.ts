import { Injectable, Logger } from '@nestjs/common';
import { ServerConfig } from '../../config/config.js';
import { TenantDb } from '../../database/tenant-db.js';
import { portalAddress } from '../../tenants/hostname.js';
import { TenantsService } from '../../tenants/tenants.service.js';
import { TenantSuspendedError } from '../auth.errors.js';
import { hashOfToken, mintOpaqueToken, NIL_TENANT, tenantOfToken } from '../opaque-token.js';
import { AccountLinksRepository, type LinkOwner, type LinkPurpose } from './account-links.repository.js';
import { AccountMail } from './account-mail.js';
import { LinkNotValidError } from './members.errors.js';
import type { Member } from './member.js';

const LIFE_SECONDS: Readonly<Record<LinkPurpose, number>> = { invitation: 7 * 86_400, password_reset: 3_600 };
const PAGE: Readonly<Record<LinkPurpose, string>> = { invitation: 'invitation', password_reset: 'new-password' };

/** A link that was made. */
export interface MadeLink {
  /** For whoever made it to hand on; null when it went to its owner by mail. */
  readonly url: string | null;
  readonly expiresAt: Date;
}

/** A presented link that is good, not used yet. */
export interface PresentedLink extends LinkOwner {
  readonly tenantId: string;
  readonly hash: Buffer;
}

/** One-time links: made, sent, and used once. */
@Injectable()
export class AccountLinks {
  private readonly logger = new Logger('AccountLinks');

  constructor(
    private readonly repository: AccountLinksRepository,
    private readonly db: TenantDb,
    private readonly tenants: TenantsService,
    private readonly mail: AccountMail,
    private readonly server: ServerConfig,
  ) {}

  /** A new link inside an open transaction; older ones of the member become void. It is sent after the commit. */
  async make(tenantId: string, purpose: LinkPurpose, member: Pick<Member, 'id' | 'email' | 'name'>): Promise<MadeLink> {
    const token = mintOpaqueToken(tenantId);
    await this.repository.voidAll(tenantId, member.id);
    const lifeSeconds = LIFE_SECONDS[purpose];
    const link = { hash: hashOfToken(token), purpose, memberId: member.id, lifeSeconds };
    const expiresAt = await this.repository.insert(tenantId, link);
    if (!this.mail.isSet) return { url: await this.urlOf(tenantId, purpose, token), expiresAt };
    this.db.afterCommit(() => this.send(tenantId, purpose, member, { token, expiresAt }));
    return { url: null, expiresAt };
  }

  /**
   * A link for whoever forgot the password. Nobody learns whether the address is known: the statement is the same, and the
   * letter is not waited for. @param tenantId null for an unknown tenant
   */
  async requestReset(tenantId: string | null, email: string): Promise<void> {
    const token = mintOpaqueToken(tenantId ?? NIL_TENANT);
    const life = LIFE_SECONDS.password_reset;
    const made = await this.repository.requestReset(tenantId ?? NIL_TENANT, email, hashOfToken(token), life);
    if (!made || tenantId === null) return;
    if (!this.mail.isSet) {
      this.logger.warn('A password reset was asked for, but MAIL_DIR is not set: an owner or admin can make the link.');
      return;
    }
    void this.send(tenantId, 'password_reset', { email, name: email }, { token, expiresAt: made.expiresAt });
  }

  /** @throws LinkNotValidError, TenantSuspendedError */
  async present(token: string, purpose: LinkPurpose): Promise<PresentedLink> {
    const tenantId = tenantOfToken(token);
    const hash = hashOfToken(token);
    const owner = tenantId && (await this.repository.find(tenantId, hash, purpose));
    if (!owner) throw new LinkNotValidError();
    if (owner.isTenantSuspended) throw new TenantSuspendedError();
    return { ...owner, tenantId, hash };
  }

  /** Uses a link, and makes the others of its owner void, inside an open transaction. @throws LinkNotValidError */
  async use({ tenantId, hash, memberId }: PresentedLink, purpose: LinkPurpose): Promise<void> {
    if (!(await this.repository.use(tenantId, hash, purpose))) throw new LinkNotValidError();
    await this.repository.voidAll(tenantId, memberId);
  }

  /** Makes every open link of a member void, inside an open transaction. */
  voidAll(tenantId: string, memberId: string): Promise<void> {
    return this.repository.voidAll(tenantId, memberId);
  }

  private async send(
    tenantId: string,
    purpose: LinkPurpose,
    to: { email: string; name: string },
    { token, expiresAt }: { token: string; expiresAt: Date },
  ): Promise<void> {
    try {
      const { name: tenantName } = await this.tenants.get(tenantId);
      const url = await this.urlOf(tenantId, purpose, token);
      await this.mail.send({ purpose, to, tenantName, url, expiresAt });
    } catch (error) {
      this.logger.error(`A letter could not be handed over, ask for the link again: ${(error as Error).message}`);
    }
  }

  /** On the portal's own host. The token stands in the fragment, which no server and no log gets to see. */
  private async urlOf(tenantId: string, purpose: LinkPurpose, token: string): Promise<string> {
    const base = portalAddress(await this.tenants.get(tenantId), this.server.publicUrl);
    return `${base}/${PAGE[purpose]}#${token}`;
  }
}
