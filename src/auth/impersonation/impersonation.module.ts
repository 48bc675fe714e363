import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials.module.js';
import { Impersonations } from './impersonations.service.js';
import { ImpersonationsController } from './impersonations.controller.js';

/** Operators inside a tenant. */
@Module({ imports: [CredentialsModule], controllers: [ImpersonationsController], providers: [Impersonations] })
export class ImpersonationModule {}
