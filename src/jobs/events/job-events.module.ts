import { Module } from '@nestjs/common';
import { JobReadingModule } from '../reading/job-reading.module.js';
import { EventCursors } from './event-cursors.js';
import { EventList } from './event-list.js';
import { EventMessages } from './event-messages.js';
import { EventReader } from './event-reader.js';
import { EventStream } from './event-stream.js';
import { FeedRepository } from './feed.repository.js';
import { TenantFeeds } from './tenant-feeds.js';

/** A tenant's event log: in pages and as a stream. */
@Module({
  imports: [JobReadingModule],
  providers: [FeedRepository, EventReader, EventCursors, EventMessages, EventList, TenantFeeds, EventStream],
  exports: [EventReader, EventCursors, EventList, EventStream, TenantFeeds],
})
export class JobEventsModule {}
