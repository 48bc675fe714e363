import { Injectable } from '@nestjs/common';
import { PlatformTenants } from '../tenants/platform-tenants.js';
import type { Tenant } from '../tenants/tenant.js';
import { allPages } from './all-pages.js';

/** Every tenant of the installation. */
@Injectable()
export class AllTenants {
  constructor(private readonly tenants: PlatformTenants) {}

  /** In the order of their creation. */
  list(): Promise<Tenant[]> {
    return allPages((limit, after) => this.tenants.list(limit, after));
  }
}
