import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials.module.js';
import { ApiKeyAdministration } from './api-key-administration.js';
import { ApiKeyListRepository } from './api-key-list.repository.js';
import { ApiKeysController } from './api-keys.controller.js';

/** Managing API keys over HTTP. */
@Module({
  imports: [CredentialsModule],
  controllers: [ApiKeysController],
  providers: [ApiKeyAdministration, ApiKeyListRepository],
})
export class ApiKeysModule {}
