import { Module } from '@nestjs/common';
import { Clock, SystemClock } from '../../common/clock.js';
import { OutboundModule } from '../../outbound/outbound.module.js';
import { SecretsModule } from '../../secrets/secrets.module.js';
import { TenantsModule } from '../../tenants/tenants.module.js';
import { CredentialsModule } from '../credentials.module.js';
import { MembersModule } from '../members/members.module.js';
import { IdentityProvider } from './identity-provider.js';
import { MemberIdentitiesRepository } from './member-identities.repository.js';
import { MemberIdentities } from './member-identities.js';
import { OidcAddresses } from './oidc-addresses.js';
import { OidcAdministration } from './oidc-administration.js';
import { OidcRefusals } from './oidc-refusals.js';
import { OidcSettingsRepository } from './oidc-settings.repository.js';
import { ProviderCheck } from './provider-check.js';
import { SignInAttempts } from './sign-in-attempts.js';
import { TenantProvider } from './tenant-provider.js';

/** Identity providers of tenants, without HTTP. */
@Module({
  imports: [CredentialsModule, MembersModule, OutboundModule, SecretsModule, TenantsModule],
  providers: [
    { provide: Clock, useClass: SystemClock },
    IdentityProvider,
    MemberIdentities,
    MemberIdentitiesRepository,
    OidcAddresses,
    OidcAdministration,
    OidcRefusals,
    OidcSettingsRepository,
    ProviderCheck,
    SignInAttempts,
    TenantProvider,
  ],
  exports: [
    IdentityProvider,
    MemberIdentities,
    OidcAddresses,
    OidcAdministration,
    OidcRefusals,
    SignInAttempts,
    TenantProvider,
  ],
})
export class OidcModule {}
