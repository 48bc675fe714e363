import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { Clock, SystemClock } from '../common/clock.js';
import { SideWorkConfig } from '../config/config.js';
import { QueuePool } from '../database/role-pool.js';
import { type Chore, CHORES } from './chore.js';
import { Housekeeping } from './housekeeping.js';
import { HOUSEKEEPING, HousekeepingProcessor } from './housekeeping.processor.js';
import { HousekeepingSchedule, ScheduleTimes } from './housekeeping-schedule.js';
import { NEWS_CHANNEL, OutboxNews } from './outbox-news.js';
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
  /** NOTIFY channel that tells of changed jobs, see NEWS_CHANNEL. Without it events wait for a poll. */
  readonly newsChannel?: string;
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
    ScheduleTimes,
    OutboxNews,
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
  static forRoot({ imports, chores = [], effects = [], newsChannel }: SideWorkOptions): DynamicModule {
    const lists = [
      { provide: CHORES, inject: chores, useFactory: (...all: Chore[]): Chore[] => all },
      { provide: SIDE_EFFECTS, inject: effects, useFactory: (...all: SideEffect[]): SideEffect[] => all },
    ];
    const channel = { provide: NEWS_CHANNEL, useValue: newsChannel ?? null };
    return { module: SideWorkModule, imports, providers: [...lists, channel] };
  }
}
