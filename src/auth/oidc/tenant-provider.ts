import { Injectable } from '@nestjs/common';
import { SecretBox, type SecretPlace } from '../../secrets/secret-box.js';
import type { ProviderAccess } from './identity-provider.js';
import type { OidcSettings } from './oidc-settings.js';
import { OidcSettingsRepository } from './oidc-settings.repository.js';

/** Where the client secret of a tenant lies. @param id of the settings, uuid */
export function secretPlace(tenantId: string, id: string): SecretPlace {
  return { tenantId, table: 'oidc_providers', column: 'client_secret', rowId: id };
}

/** The provider of a tenant, as a sign-in uses it. */
@Injectable()
export class TenantProvider {
  constructor(
    private readonly repository: OidcSettingsRepository,
    private readonly box: SecretBox,
  ) {}

  /** What its button says; null when the tenant has none, or it is turned off. */
  async label(tenantId: string): Promise<string | null> {
    const settings = await this.repository.find(tenantId);
    return settings?.enabled ? settings.label : null;
  }

  /** Its rules, and with what we prove ourselves to it; null when the tenant has none, or it is turned off. */
  async access(tenantId: string): Promise<{ rules: OidcSettings; access: ProviderAccess } | null> {
    const settings = await this.repository.find(tenantId);
    if (!settings?.enabled) return null;
    const secret = await this.box.open(secretPlace(tenantId, settings.id), settings.clientSecret);
    const { issuer, clientId } = settings;
    return { rules: settings, access: { issuer, clientId, clientSecret: secret.toString('utf8') } };
  }
}
