import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { TenantsModule } from '../tenants/tenants.module.js';
import { AuthController } from './auth.controller.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { CredentialsModule } from './credentials.module.js';
import { ImpersonationApiModule } from './impersonation/impersonation-api.module.js';
import { JwksController } from './jwks.controller.js';
import { JwtStrategy } from './jwt.strategy.js';
import { AccountController } from './members/account.controller.js';
import { MembersController } from './members/members.controller.js';
import { MembersModule } from './members/members.module.js';
import { ApiKeysController } from './keys/api-keys.controller.js';
import { ApiKeysModule } from './keys/api-keys.module.js';
import { Me } from './me.service.js';
import { MeController } from './me.controller.js';
import { OidcController } from './oidc/oidc.controller.js';
import { OidcModule } from './oidc/oidc.module.js';
import { OidcSettingsController } from './oidc/oidc-settings.controller.js';
import { OidcSignIn } from './oidc/oidc-sign-in.js';
import { OidcVisits } from './oidc/oidc-visits.js';
import { OauthModule } from './oauth/oauth.module.js';
import { OperatorsController } from './operators/operators.controller.js';
import { OperatorsModule } from './operators/operators.module.js';
import { RouteAudit } from './route-audit.js';
import { SecondFactorController } from './second-factor/second-factor.controller.js';
import { SecondFactorModule } from './second-factor/second-factor.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { SessionCookie } from './session-cookie.js';
import { SignIn } from './sign-in.service.js';
import { SigningKeysController } from './signing-keys.controller.js';
import { SignInFlow } from './sign-in-flow.js';

/** Signing in over HTTP, and the guard of every route. */
@Module({
  imports: [
    ApiKeysModule,
    CredentialsModule,
    DiscoveryModule,
    ImpersonationApiModule,
    MembersModule,
    OauthModule,
    OidcModule,
    OperatorsModule,
    SecondFactorModule,
    SessionsModule,
    TenantsModule,
  ],
  controllers: [
    AuthController,
    AccountController,
    MeController,
    MembersController,
    ApiKeysController,
    OperatorsController,
    JwksController,
    SigningKeysController,
    SecondFactorController,
    OidcController,
    OidcSettingsController,
  ],
  providers: [
    JwtStrategy,
    Me,
    OidcSignIn,
    OidcVisits,
    RouteAudit,
    SessionCookie,
    SignIn,
    SignInFlow,
    { provide: APP_GUARD, useClass: AuthenticationGuard },
  ],
  exports: [CredentialsModule],
})
export class AuthModule {}
