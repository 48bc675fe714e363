import { Global, Module } from '@nestjs/common';
import { DatabaseCare } from './database-care.js';
import { PartitionKeeper } from './partition-keeper.js';
import { QueueVacuum } from './queue-vacuum.js';
import { XminAlarm } from './xmin-alarm.js';

/** Duties of a worker that keep the database fast. Global: the heartbeat tells what the alarm saw. */
@Global()
@Module({
  providers: [DatabaseCare, PartitionKeeper, QueueVacuum, XminAlarm],
  exports: [PartitionKeeper, QueueVacuum, XminAlarm],
})
export class DatabaseCareModule {}
