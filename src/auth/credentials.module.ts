import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { AccessTokens } from './access-tokens.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { ApiKeys } from './api-keys.service.js';
import { Members } from './members.service.js';
import { Operators } from './operators.service.js';
import { PasswordHasher } from './password-hasher.js';
import { Principals } from './principals.js';
import { SessionsRepository } from './sessions.repository.js';
import { Sessions } from './sessions.service.js';
import { SigningKeyRing } from './signing-key-ring.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

/** Accounts, API keys, sessions and tokens: everything about credentials that knows nothing of HTTP. */
@Module({
  imports: [JwtModule.register({})],
  providers: [
    AccessTokens,
    ApiKeys,
    ApiKeysRepository,
    Members,
    Operators,
    { provide: PasswordHasher, useFactory: () => new PasswordHasher() },
    Principals,
    Sessions,
    SessionsRepository,
    SigningKeyRing,
    SigningKeysRepository,
  ],
  exports: [AccessTokens, ApiKeys, Members, Operators, PasswordHasher, Principals, Sessions, SigningKeyRing],
})
export class CredentialsModule {}
