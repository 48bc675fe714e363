import { Injectable } from '@nestjs/common';
import { NotFoundError } from '../common/domain-error.js';
import { TenantDb } from '../database/tenant-db.js';
import { TenantDomainEntity } from './tenant-domain.entity.js';
import { TenantEntity } from './tenant.entity.js';
import type { Tenant } from './tenant.js';

/** A tenant's view of itself. */
@Injectable()
export class TenantsService {
  constructor(private readonly db: TenantDb) {}

  /**
   * @param tenantId uuid from a verified credential
   * @throws NotFoundError
   */
  async get(tenantId: string): Promise<Tenant> {
    return this.db.run(tenantId, async (manager) => {
      const row = await manager.findOneBy(TenantEntity, { id: tenantId });
      if (!row) throw new NotFoundError();
      const domains = await manager.find(TenantDomainEntity, {
        where: { tenantId, status: 'active' },
        order: { hostname: 'asc' },
      });
      const { id, slug, name, status, weight, locales, createdAt } = row;
      return { id, slug, name, status, weight, locales, hosts: domains.map((d) => d.hostname), createdAt };
    });
  }
}
