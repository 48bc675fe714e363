import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { NotificationListener } from '../../database/notification-listener.js';
import { CHANNEL } from '../job-channels.js';
import { TooManyWatchersError } from '../jobs.errors.js';
import { KeyedLanes } from '../../database/keyed-lanes.js';
import { EventReader } from './event-reader.js';
import { FeedFollower } from './feed-follower.js';
import { TenantFeed } from './tenant-feed.js';

/** Streams of one process; as many as it follows single jobs for. */
const MAX_FOLLOWERS = 20_000;
/** Notifications are hints; what they miss is seen within a round of 2 to 4 s, at random. */
const ROUND_MS = 2_000;

/** The event logs that this process follows: one reader for each tenant, however many streams. */
@Injectable()
export class TenantFeeds implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(TenantFeeds.name);
  private readonly feeds = new Map<string, TenantFeed>();
  private readonly followers = new Set<FeedFollower>();
  private readonly lanes = new KeyedLanes<TenantFeed>((feed) => this.readOn(feed));
  private stopListening: (() => void) | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly listener: NotificationListener,
    private readonly reader: EventReader,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.stopListening = await this.listener.listen(CHANNEL.fed, (payload) => this.notified(payload));
    this.round();
  }

  /** Ends every stream, so that the server can close. */
  onModuleDestroy(): void {
    this.stopListening?.();
    if (this.timer) clearTimeout(this.timer);
    for (const follower of this.followers) follower.close();
  }

  /** Clients that follow a tenant right now. */
  get count(): number {
    return this.followers.size;
  }

  /** Reads on for this tenant at once. */
  refresh(feed: TenantFeed): void {
    this.lanes.wake(feed);
  }

  /** Starts to follow a tenant. Close it always. @throws TooManyWatchersError */
  follow(tenantId: string): FeedFollower {
    if (this.followers.size >= MAX_FOLLOWERS) throw new TooManyWatchersError();
    const feed = this.feeds.get(tenantId) ?? new TenantFeed(tenantId, this.reader, (f) => this.lanes.wake(f));
    this.feeds.set(tenantId, feed);
    const follower: FeedFollower = new FeedFollower(feed, () => this.remove(follower, feed));
    this.followers.add(follower);
    return follower;
  }

  private remove(follower: FeedFollower, feed: TenantFeed): void {
    this.followers.delete(follower);
    if (feed.size === 0) this.feeds.delete(feed.tenantId);
  }

  private notified(payload: string): void {
    if (payload === '') for (const feed of this.feeds.values()) this.lanes.wake(feed);
    else for (const tenantId of payload.split(',')) this.wake(tenantId);
  }

  private wake(tenantId: string): void {
    const feed = this.feeds.get(tenantId);
    if (feed) this.lanes.wake(feed);
  }

  /** A failed read is repeated at the next wake-up. */
  private async readOn(feed: TenantFeed): Promise<void> {
    await feed
      .readOn()
      .catch((error: Error) => this.log.warn(`Reading an event log failed, trying again: ${error.message}`));
  }

  /** Looks at one feed after another, evenly over a round. */
  private round(): void {
    const tenants = [...this.feeds.keys()];
    this.step(tenants, (ROUND_MS * (1 + Math.random())) / Math.max(1, tenants.length));
  }

  private step([tenantId, ...rest]: string[], pauseMs: number): void {
    this.timer = setTimeout(() => {
      if (tenantId !== undefined) this.wake(tenantId);
      if (rest.length > 0) this.step(rest, pauseMs);
      else this.round();
    }, pauseMs).unref();
  }
}
