import { Injectable, Logger, type MessageEvent } from '@nestjs/common';
import { StreamClock } from '../watching/stream-clock.js';
import type { EventCursor } from './event-cursor.js';
import { type EventFilter, passes } from './event-filter.js';
import { EventMessages } from './event-messages.js';
import { EventReader } from './event-reader.js';
import type { FeedFollower } from './feed-follower.js';
import type { JobEvent } from './job-event.js';
import { TenantFeeds } from './tenant-feeds.js';

/** What the client of a stream asked for. */
interface Following {
  readonly tenantId: string;
  readonly filter: EventFilter;
  readonly follower: FeedFollower;
}

/** Follows all jobs of a tenant as server-sent events. */
@Injectable()
export class EventStream {
  private readonly log = new Logger(EventStream.name);

  constructor(
    private readonly feeds: TenantFeeds,
    private readonly reader: EventReader,
    private readonly messages: EventMessages,
    private readonly clock: StreamClock,
  ) {}

  /**
   * Opens a stream after a cursor; null: from now on. Whatever can be refused is refused here. It ends only when the
   * signal aborts, the process stops or the database fails, and the client resumes.
   * @throws EventHistoryExpiredError, TooManyWatchersError
   */
  async open(
    tenantId: string,
    filter: EventFilter,
    after: EventCursor | null,
    signal: AbortSignal,
  ): Promise<AsyncIterable<MessageEvent>> {
    const follower = this.feeds.follow(tenantId);
    try {
      const now = await follower.feed.position();
      if (after) await this.reader.assertKept(tenantId, after);
      signal.addEventListener('abort', () => follower.close(), { once: true });
      if (signal.aborted) follower.close();
      this.feeds.refresh(follower.feed);
      return this.follow({ tenantId, filter, follower }, after ?? now);
    } catch (error) {
      follower.close();
      throw error;
    }
  }

  /** An error here would reach the client as an event with a wrong id: the stream ends instead, and the client resumes. */
  private async *follow(following: Following, start: EventCursor): AsyncGenerator<MessageEvent> {
    const { follower, tenantId } = following;
    const stopBeats = this.clock.onBeat(() => follower.beat());
    try {
      yield* this.events(following, start);
    } catch (error) {
      this.log.warn(`A stream of tenant ${tenantId} broke off: ${(error as Error).message}`);
    } finally {
      stopBeats();
      follower.close();
    }
  }

  private async *events(following: Following, start: EventCursor): AsyncGenerator<MessageEvent> {
    const { tenantId, filter, follower } = following;
    let place = start;
    yield this.messages.ready(tenantId, place, new Date());
    while (follower.open) {
      for (let part = await this.after(following, place); part; part = await this.after(following, place)) {
        for (const event of part.events) if (passes(filter, event)) yield this.messages.event(tenantId, event);
        place = part.next;
        if (!follower.open) return;
      }
      if ((await follower.next()) === 'heartbeat') {
        // The place of an idle tenant moves too, so that a cursor in use never grows old.
        const part = follower.feed.after(place);
        if (part && part !== 'behind' && part.events.length === 0) place = part.next;
        yield this.messages.heartbeat(tenantId, place, new Date());
      }
    }
  }

  /** From what the tenant's reader has at hand, else from the log itself. */
  private async after(
    { tenantId, filter, follower }: Following,
    place: EventCursor,
  ): Promise<{ events: readonly JobEvent[]; next: EventCursor } | null> {
    const part = follower.feed.after(place);
    return part === 'behind' ? this.reader.read(tenantId, place, filter) : part;
  }
}
