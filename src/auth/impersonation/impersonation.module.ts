import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials.module.js';
import { Impersonations } from './impersonations.service.js';

/** Operators inside a tenant, without HTTP. */
@Module({ imports: [CredentialsModule], providers: [Impersonations], exports: [Impersonations] })
export class ImpersonationModule {}
