import { Injectable } from '@nestjs/common';
import { AnalyzerGrants } from '../jobs/catalog/analyzer-grants.js';
import { compileBrand } from '../portal/brand/compile-brand.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import { TenantOnboarding } from '../tenants/tenant-onboarding.js';
import { DemoAccounts } from './demo-accounts.js';
import type { DemoCredentials, DemoTenantCredentials } from './demo-credentials.js';
import { DEMO_TENANTS, type DemoTenant } from './demo-tenants.js';

/** Onboards the demo tenants through the same services as any other tenant. */
@Injectable()
export class DemoTenants {
  constructor(
    private readonly onboarding: TenantOnboarding,
    private readonly directory: TenantDirectory,
    private readonly accounts: DemoAccounts,
    private readonly grants: AnalyzerGrants,
  ) {}

  /** Creates what is missing and returns the credentials of all; passwords follow from this installation's master key. */
  async ensure(baseUrl: string): Promise<DemoCredentials> {
    const operator = await this.accounts.ensureOperator();
    const tenants: DemoTenantCredentials[] = [];
    for (const tenant of DEMO_TENANTS) tenants.push(await this.ensureTenant(tenant));
    return { baseUrl, operator, tenants };
  }

  private async ensureTenant(tenant: DemoTenant): Promise<DemoTenantCredentials> {
    const { slug, name, weight, analyzers, ownerEmail } = tenant;
    const known = await this.directory.bySlug(slug);
    const id = known?.id ?? (await this.onboarding.create({ slug, name, weight, brand: compileBrand(tenant.brand) }));
    await this.grants.set(id, analyzers);
    const owner = await this.accounts.ensureOwner(id, slug, ownerEmail);
    return { slug, name, analyzers, owner, apiKey: await this.accounts.issueKey(id) };
  }
}
