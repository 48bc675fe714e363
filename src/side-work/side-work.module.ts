import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { Clock, SystemClock } from '../common/clock.js';
import { SideWorkConfig } from '../config/config.js';
import { QueuePool } from '../database/role-pool.js';
import { type Chore, CHORES } from './chore.js';
import { Housekeeping } from './housekeeping.js';
import { HOUSEKEEPING, HousekeepingProcessor } from './housekeeping.processor.js';
import { HousekeepingSchedule } from './housekeeping-schedule.js';
import { OutboxRelay } from './outbox-relay.js';
import { OUTBOX, OutboxProcessor } from './outbox.processor.js';
import { OutboxRepository } from './outbox.repository.js';
import type { SideEffect } from './side-effect.js';
import { SIDE_EFFECTS, SideEffects } from './side-effects.js';
import { sideWorkStore } from './side-work-store.js';
import { StoreOutage } from './store-outage.js';
import { StoreShutdown } from './store-shutdown.js';

/** What the composition root gives. */
export interface SideWorkOptions {
  /** Modules that export the classes below. */
  readonly imports: ModuleMetadata['imports'];
  readonly chores?: Type<Chore>[];
  readonly effects?: Type<SideEffect>[];
}

/**
 * Work beside the jobs, carried by BullMQ: on PostgreSQL, or on Redis when REDIS_URL is set. Jobs of tenants never go
 * through it. Losing its store costs latency: every duty looks at the tables for what is due.
 */
@Module({
  imports: [
    BullModule.forRootAsync({
      inject: [SideWorkConfig, QueuePool],
      useFactory: sideWorkStore,
    }),
    BullModule.registerQueue({ name: HOUSEKEEPING }, { name: OUTBOX }),
  ],
  providers: [
    { provide: Clock, useClass: SystemClock },
    Housekeeping,
    HousekeepingProcessor,
    HousekeepingSchedule,
    OutboxProcessor,
    OutboxRelay,
    OutboxRepository,
    SideEffects,
    StoreOutage,
    StoreShutdown,
  ],
})
export class SideWorkModule {
  /** With the chores and the effects of other rooms. Call once, in the root. */
  static forRoot({ imports, chores = [], effects = [] }: SideWorkOptions): DynamicModule {
    const lists = [
      { provide: CHORES, inject: chores, useFactory: (...all: Chore[]): Chore[] => all },
      { provide: SIDE_EFFECTS, inject: effects, useFactory: (...all: SideEffect[]): SideEffect[] => all },
    ];
    return { module: SideWorkModule, imports, providers: lists };
  }
}
