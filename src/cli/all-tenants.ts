import { Injectable } from '@nestjs/common';
import { PlatformTenants } from '../tenants/platform-tenants.js';
import type { Tenant } from '../tenants/tenant.js';

const PAGE = 200;

/** Every tenant of the installation. */
@Injectable()
export class AllTenants {
  constructor(private readonly tenants: PlatformTenants) {}

  /** In the order of their creation. */
  async list(): Promise<Tenant[]> {
    const all: Tenant[] = [];
    for (;;) {
      const page = await this.tenants.list(PAGE, all.at(-1)?.id ?? null);
      all.push(...page);
      if (page.length < PAGE) return all;
    }
  }
}
