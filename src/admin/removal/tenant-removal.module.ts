import { Module } from '@nestjs/common';
import { FilesModule } from '../../files/files.module.js';
import { TenantRemoval } from './tenant-removal.js';

/** The chore that removes deleted tenants; for workers. */
@Module({ imports: [FilesModule], providers: [TenantRemoval], exports: [TenantRemoval] })
export class TenantRemovalModule {}
