import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials.module.js';
import { ApiKeyAdministration } from './api-key-administration.js';
import { ApiKeyListRepository } from './api-key-list.repository.js';

/** Managing API keys, without HTTP. */
@Module({
  imports: [CredentialsModule],
  providers: [ApiKeyAdministration, ApiKeyListRepository],
  exports: [ApiKeyAdministration],
})
export class ApiKeysModule {}
