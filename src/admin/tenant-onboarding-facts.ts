import { Injectable } from '@nestjs/common';
import { NotFoundError } from '../common/domain-error.js';
import { PlatformPool } from '../database/role-pool.js';

/** What a tenant has of what it needs. */
export interface OnboardingFacts {
  readonly owner: boolean;
  readonly apiKey: boolean;
  readonly analyzers: boolean;
  readonly branding: boolean;
  readonly firstJob: boolean;
}

const FACTS = `
  select exists (select from maru.members m where m.tenant_id = t.id and m.role = 'owner' and m.status = 'active') as owner,
         exists (select from maru.api_keys k where k.tenant_id = t.id and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())) as "apiKey",
         exists (select from maru.analyzers a where a.tenant_id = t.id and a.enabled) as analyzers,
         t.active_brand_version is not null as branding,
         exists (select from maru.job_ends e where e.tenant_id = t.id and e.status = 1) as "firstJob"
    from maru.tenants t where t.id = $1`;

/** How far the onboarding of a tenant is: computed from facts, never stored. */
@Injectable()
export class TenantOnboardingFacts {
  constructor(private readonly pool: PlatformPool) {}

  /** @throws NotFoundError */
  async of(tenantId: string): Promise<OnboardingFacts> {
    const [row] = (await this.pool.query<OnboardingFacts>(FACTS, [tenantId])).rows;
    if (!row) throw new NotFoundError();
    return row;
  }
}
