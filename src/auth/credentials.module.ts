import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { AuditTrail } from '../audit/audit-trail.js';
import { AccessTokens } from './access-tokens.js';
import { AccountsRepository } from './accounts.repository.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { ApiKeys } from './api-keys.service.js';
import { ImpersonationsRepository } from './impersonation/impersonations.repository.js';
import { LoginThrottle } from './login-throttle.js';
import { Members } from './members.service.js';
import { MyAccount } from './my-account.service.js';
import { Operators } from './operators.service.js';
import { PasswordHasher } from './password-hasher.js';
import { Principals } from './principals.js';
import { SessionsRepository } from './sessions.repository.js';
import { Sessions } from './sessions.service.js';
import { SigningKeysModule } from './signing-keys.module.js';

/** Accounts, API keys, sessions and tokens: everything about credentials that knows nothing of HTTP. */
@Module({
  imports: [JwtModule.register({}), SigningKeysModule],
  providers: [
    AccessTokens,
    AccountsRepository,
    ApiKeys,
    ApiKeysRepository,
    AuditTrail,
    ImpersonationsRepository,
    LoginThrottle,
    Members,
    MyAccount,
    Operators,
    { provide: PasswordHasher, useFactory: () => new PasswordHasher() },
    Principals,
    Sessions,
    SessionsRepository,
  ],
  exports: [
    AccessTokens,
    AccountsRepository,
    ApiKeys,
    AuditTrail,
    ImpersonationsRepository,
    LoginThrottle,
    Members,
    MyAccount,
    Operators,
    PasswordHasher,
    Principals,
    Sessions,
    SessionsRepository,
    SigningKeysModule,
  ],
})
export class CredentialsModule {}
