import { Injectable } from '@nestjs/common';
import type { AuditActor } from '../audit/audit-trail.js';
import { NotFoundError } from '../common/domain-error.js';
import { PlatformTenantsRepository } from './platform-tenants.repository.js';
import { TenantDirectory } from './tenant-directory.js';
import type { Tenant } from './tenant.js';
import type { TenantStatus } from './tenant.entity.js';

/** The operators' view of all tenants. */
@Injectable()
export class PlatformTenants {
  constructor(
    private readonly repository: PlatformTenantsRepository,
    private readonly directory: TenantDirectory,
  ) {}

  /** Tenants in the order of their creation, after the one with `afterId`. */
  list(limit: number, afterId: string | null = null): Promise<Tenant[]> {
    return this.repository.list(limit, afterId);
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<Tenant> {
    const tenant = await this.repository.find(id);
    if (!tenant) throw new NotFoundError();
    return tenant;
  }

  /** Refuses every request of the tenant: here at once, in other processes within 5 s. @throws NotFoundError */
  suspend(id: string, reason: string, actor: AuditActor): Promise<Tenant> {
    return this.setStatus(id, 'suspended', reason, actor);
  }

  /** @throws NotFoundError */
  resume(id: string, actor: AuditActor): Promise<Tenant> {
    return this.setStatus(id, 'active', null, actor);
  }

  private async setStatus(id: string, status: TenantStatus, reason: string | null, actor: AuditActor): Promise<Tenant> {
    if (!(await this.repository.setStatus(id, status, reason, actor))) throw new NotFoundError();
    this.directory.forget();
    return this.get(id);
  }
}
