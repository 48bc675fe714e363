import { Module } from '@nestjs/common';
import { UsageController } from './usage.controller.js';
import { UsageModule } from './usage.module.js';

/** Usage over HTTP. */
@Module({ imports: [UsageModule], controllers: [UsageController] })
export class UsageApiModule {}
