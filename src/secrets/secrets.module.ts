import { Module } from '@nestjs/common';
import { ConfiguredKeys, KeyWrapper } from './key-wrapper.js';
import { SecretBox } from './secret-box.js';
import { TenantKeys } from './tenant-keys.js';
import { TenantKeysRepository } from './tenant-keys.repository.js';

/** Secrets of tenants at rest. */
@Module({
  providers: [SecretBox, TenantKeys, TenantKeysRepository, { provide: KeyWrapper, useClass: ConfiguredKeys }],
  exports: [SecretBox, TenantKeys],
})
export class SecretsModule {}
