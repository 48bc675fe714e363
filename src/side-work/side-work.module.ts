import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { createPostgresBackend, setDefaultBackendFactory } from 'bullmq';
import { SideWorkConfig } from '../config/config.js';
import { QueuePool } from '../database/role-pool.js';
import { Housekeeping } from './housekeeping.js';
import { HOUSEKEEPING, HousekeepingProcessor } from './housekeeping.processor.js';
import { HousekeepingSchedule } from './housekeeping-schedule.js';

/**
 * Work beside the jobs, carried by BullMQ: on PostgreSQL, or on Redis when REDIS_URL is set. Jobs of tenants never go
 * through it. Losing its store costs latency: every duty looks at the tables for what is due.
 */
@Module({
  imports: [
    BullModule.forRootAsync({
      inject: [SideWorkConfig, QueuePool],
      useFactory: ({ redisUrl }: SideWorkConfig, pool: QueuePool) => {
        if (!redisUrl) setDefaultBackendFactory(createPostgresBackend);
        // BullMQ types its connection for Redis; the PostgreSQL backend takes the pool.
        const connection = redisUrl ? { url: redisUrl } : (pool as unknown as { url: string });
        return { connection, defaultJobOptions: { removeOnComplete: true, removeOnFail: 1000 } };
      },
    }),
    BullModule.registerQueue({ name: HOUSEKEEPING }),
  ],
  providers: [Housekeeping, HousekeepingProcessor, HousekeepingSchedule],
})
export class SideWorkModule {}
