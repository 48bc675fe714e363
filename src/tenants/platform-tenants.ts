import { Injectable } from '@nestjs/common';
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
  suspend(id: string, reason: string): Promise<Tenant> {
    return this.setStatus(id, 'suspended', reason);
  }

  /** @throws NotFoundError */
  resume(id: string): Promise<Tenant> {
    return this.setStatus(id, 'active', null);
  }

  private async setStatus(id: string, status: TenantStatus, reason: string | null): Promise<Tenant> {
    await this.repository.setStatus(id, status, reason);
    this.directory.forget();
    return this.get(id);
  }
}
