import { Inject, Injectable, type OnModuleDestroy, Optional } from '@nestjs/common';
import { NotificationListener } from '../database/notification-listener.js';
import { OutboxRepository } from './outbox.repository.js';

/**
 * Token of the NOTIFY channel that tells of changed jobs, after the commit: uuids of their tenants joined by commas, or
 * empty for "look yourself". Bound in the composition root: side work knows no jobs.
 */
export const NEWS_CHANNEL = Symbol('channel of news');

/** Pause between two looks at who subscribed: the first event of a new subscriber is this late at most. */
const LOOK_UP_MS = 1_000;

/**
 * Rings when jobs of a tenant changed that somebody subscribed to, so that its outbox may have new rows. News of all other
 * tenants, the most by far, cost no statement. A lost notification costs a poll interval of the relay.
 */
@Injectable()
export class OutboxNews implements OnModuleDestroy {
  private subscribers: ReadonlySet<string> = new Set();
  /** Tenants with news that were no subscribers when we last looked. */
  private strangers = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private stopListening: (() => void) | null = null;

  constructor(
    private readonly outbox: OutboxRepository,
    private readonly listener: NotificationListener,
    @Optional() @Inject(NEWS_CHANNEL) private readonly channel: string | null = null,
  ) {}

  /** Listens from now on; does nothing when it does already. Rejects when the database cannot be reached: call again. */
  async listen(ring: () => void): Promise<void> {
    if (this.channel === null || this.stopListening) return;
    this.stopListening = await this.listener.listen(this.channel, (payload) => this.heard(payload, ring));
  }

  onModuleDestroy(): void {
    this.stopListening?.();
    if (this.timer) clearTimeout(this.timer);
  }

  private heard(payload: string, ring: () => void): void {
    const tenants = payload.split(',');
    if (payload === '' || tenants.some((tenant) => this.subscribers.has(tenant))) return ring();
    for (const tenant of tenants) this.strangers.add(tenant);
    if (!this.timer) void this.lookUp(ring);
  }

  private async lookUp(ring: () => void): Promise<void> {
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.strangers.size > 0) void this.lookUp(ring);
    }, LOOK_UP_MS);
    const strangers = [...this.strangers];
    this.strangers = new Set();
    try {
      this.subscribers = await this.outbox.subscribers();
    } catch {
      return ring(); // the relay meets the same trouble, reports it and slows down
    }
    if (strangers.some((tenant) => this.subscribers.has(tenant))) ring();
  }
}
