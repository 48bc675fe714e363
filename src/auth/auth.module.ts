import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { TenantsModule } from '../tenants/tenants.module.js';
import { AuthController } from './auth.controller.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { CredentialsModule } from './credentials.module.js';
import { JwksController } from './jwks.controller.js';
import { JwtStrategy } from './jwt.strategy.js';
import { LoginThrottle } from './login-throttle.js';
import { Me } from './me.service.js';
import { MeController } from './me.controller.js';
import { RouteAudit } from './route-audit.js';
import { SessionCookie } from './session-cookie.js';
import { SignIn } from './sign-in.service.js';
import { SignInFlow } from './sign-in-flow.js';

/** Signing in over HTTP, and the guard of every route. */
@Module({
  imports: [DiscoveryModule, TenantsModule, CredentialsModule],
  controllers: [AuthController, MeController, JwksController],
  providers: [
    JwtStrategy,
    LoginThrottle,
    Me,
    RouteAudit,
    SessionCookie,
    SignIn,
    SignInFlow,
    { provide: APP_GUARD, useClass: AuthenticationGuard },
  ],
  exports: [CredentialsModule],
})
export class AuthModule {}
