import { Injectable } from '@nestjs/common';
import type { EventPageDto } from '../dto/event.dto.js';
import type { EventCursor } from './event-cursor.js';
import { EventCursors } from './event-cursors.js';
import type { EventFilter } from './event-filter.js';
import { EventMessages } from './event-messages.js';
import { EventReader } from './event-reader.js';
import type { JobEvent } from './job-event.js';

/** Parts of the log that one request looks at for events that its filter lets through: 2,000 transitions. */
const MAX_PARTS = 4;

/** The event log in pages, oldest first. */
@Injectable()
export class EventList {
  constructor(
    private readonly reader: EventReader,
    private readonly messages: EventMessages,
    private readonly cursors: EventCursors,
  ) {}

  /** Up to `limit` events after a cursor; null: from the oldest kept. @throws EventHistoryExpiredError */
  async page(tenantId: string, filter: EventFilter, after: EventCursor | null, limit: number): Promise<EventPageDto> {
    const events: JobEvent[] = [];
    let next = after;
    let hasMore = true;
    for (let parts = 0; hasMore && events.length < limit && parts < MAX_PARTS; parts++) {
      const part = await this.reader.read(tenantId, next, filter);
      events.push(...part.events);
      next = part.next;
      hasMore = part.more;
    }
    if (events.length > limit) {
      events.length = limit;
      next = events.at(-1)!.cursor;
      hasMore = true;
    }
    const data = events.map((event) => this.messages.dto(tenantId, event));
    return { data, cursor: this.cursors.seal(tenantId, next!), hasMore };
  }
}
