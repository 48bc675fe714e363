import type { TenantFeed } from './tenant-feed.js';

/** One client that follows a tenant. A wake-up between two waits is remembered. */
export class FeedFollower {
  private changed = false;
  private heartbeatDue = false;
  private closed = false;
  private waiting: (() => void) | null = null;
  private readonly unfollow: () => void;

  /** @param onClose called once */
  constructor(
    readonly feed: TenantFeed,
    private readonly onClose: () => void,
  ) {
    this.unfollow = feed.follow(() => {
      this.changed = true;
      this.waiting?.();
    });
  }

  /** A sign of life is due. */
  beat(): void {
    this.heartbeatDue = true;
    this.waiting?.();
  }

  /** Resolves when there may be events, a heartbeat is due, or null: it was closed. */
  async next(): Promise<'events' | 'heartbeat' | null> {
    if (!this.changed && !this.heartbeatDue && !this.closed) {
      await new Promise<void>((resolve) => (this.waiting = resolve));
      this.waiting = null;
    }
    if (this.closed) return null;
    if (this.changed) {
      this.changed = false;
      return 'events';
    }
    this.heartbeatDue = false;
    return 'heartbeat';
  }

  /** False after `close`: by the client's end, or because the process stops. */
  get open(): boolean {
    return !this.closed;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.unfollow();
    this.waiting?.();
    this.onClose();
  }
}
