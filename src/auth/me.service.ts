import { Injectable } from '@nestjs/common';
import type { PublicTenant } from '../tenants/tenant.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import { ApiKeys } from './api-keys.service.js';
import { UnauthenticatedError } from './auth.errors.js';
import { Members } from './members.service.js';
import { Operators } from './operators.service.js';
import type { Principal } from './principal.js';
import type { Profile } from './subject.js';

/** What a principal may know of itself. */
@Injectable()
export class Me {
  constructor(
    private readonly members: Members,
    private readonly operators: Operators,
    private readonly apiKeys: ApiKeys,
    private readonly tenants: TenantDirectory,
  ) {}

  /** @throws UnauthenticatedError when the principal was removed a moment ago */
  async describe(principal: Principal): Promise<{ profile: Profile; tenant: PublicTenant | null }> {
    const { tenantId } = principal;
    const [profile, tenant] = await Promise.all([
      this.profileOf(principal),
      tenantId === null ? null : this.tenants.byId(tenantId),
    ]);
    if (!profile) throw new UnauthenticatedError();
    return { profile, tenant };
  }

  private async profileOf({ kind, id, tenantId }: Principal): Promise<Profile | null> {
    if (tenantId === null || kind === 'operator') return this.operators.profile(id);
    if (kind === 'member') return this.members.profile(tenantId, id);
    const name = await this.apiKeys.name(tenantId, id);
    return name === null ? null : { email: null, name, preferences: {} };
  }
}
