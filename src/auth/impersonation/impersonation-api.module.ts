import { Module } from '@nestjs/common';
import { ImpersonationModule } from './impersonation.module.js';
import { ImpersonationsController } from './impersonations.controller.js';

/** Operators inside a tenant, over HTTP. */
@Module({ imports: [ImpersonationModule], controllers: [ImpersonationsController] })
export class ImpersonationApiModule {}
