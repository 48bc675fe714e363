import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { LimitsModule } from './limits.module.js';
import { RateLimitGuard } from './rate-limit.guard.js';

/** Counts every request. Import it after the room of authentication: guards run in the order of their modules. */
@Module({
  imports: [LimitsModule],
  providers: [{ provide: APP_GUARD, useClass: RateLimitGuard }],
})
export class RateLimitsModule {}
