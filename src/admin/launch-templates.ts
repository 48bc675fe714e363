import { Injectable } from '@nestjs/common';
import { ValidationFailedError } from '../common/domain-error.js';
import { uuidOf } from '../common/ids.js';
import { PlatformTenants } from '../tenants/platform-tenants.js';
import { TenantAdministration } from '../tenants/tenant-administration.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import type { NewTenant } from '../tenants/tenant-onboarding.js';
import { BRAND_PRESETS, brandAfter, isBrandPreset, presetBrand } from './brand-presets.js';

/** What a new tenant takes over. */
export type LaunchTemplate = Pick<NewTenant, 'brand' | 'locales'> & { readonly plan?: string };

/** Where a new tenant begins: with nothing, a preset, or the example of another tenant. */
@Injectable()
export class LaunchTemplates {
  constructor(
    private readonly tenants: PlatformTenants,
    private readonly directory: TenantDirectory,
    private readonly administration: TenantAdministration,
  ) {}

  /**
   * @param from name of a preset, public id of a tenant, or nothing
   * @param name of the new tenant, under which the brand appears
   * @throws ValidationFailedError
   */
  async of(from: string | undefined, name: string): Promise<LaunchTemplate> {
    if (from === undefined) return {};
    if (isBrandPreset(from)) return { brand: presetBrand(from, { name }) };
    const id = uuidOf('tenant', from);
    const source = id && (await this.directory.byId(id));
    if (!source) throw unknownSource();
    const [{ locales }, { plan }] = await Promise.all([
      this.tenants.get(source.id),
      this.administration.settings(source.id),
    ]);
    return { locales, plan, brand: source.brand ? brandAfter(source.brand.doc, { name }) : undefined };
  }
}

function unknownSource(): ValidationFailedError {
  const presets = Object.keys(BRAND_PRESETS).join(', ');
  const message = `is neither a tenant of this installation nor a preset (${presets})`;
  return new ValidationFailedError([{ pointer: '/from', code: 'unknown_tenant', message }]);
}
