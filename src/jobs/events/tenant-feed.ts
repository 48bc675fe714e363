import { compareCursors, type EventCursor } from './event-cursor.js';
import type { EventPart, EventReader } from './event-reader.js';
import type { JobEvent } from './job-event.js';

/** Events that stay at hand for followers; who is further behind reads for itself. About 1 KiB each. */
const KEPT_EVENTS = 2_000;
/** Rows that an older transaction holds back are looked for soon, then more and more seldom. */
const HELD_RETRY_MS = { first: 5, last: 500 } as const;

/** A part of the log at hand. It reaches up to the next part, the last one up to the head. */
interface KeptPart {
  readonly from: EventCursor;
  readonly events: readonly JobEvent[];
}

/** The live end of one tenant's event log in this process: one read for all who follow it. */
export class TenantFeed {
  private readonly parts: KeptPart[] = [];
  private readonly followers = new Set<() => void>();
  private head: EventCursor | null = null;
  private kept = 0;
  private retry: NodeJS.Timeout | null = null;
  private retryMs: number = HELD_RETRY_MS.first;

  /** @param wake asks for a call of `readOn` */
  constructor(
    readonly tenantId: string,
    private readonly reader: EventReader,
    private readonly wake: (feed: TenantFeed) => void,
  ) {}

  /** Followers right now. */
  get size(): number {
    return this.followers.size;
  }

  /** Calls back after new events until the returned function is called. */
  follow(changed: () => void): () => void {
    this.followers.add(changed);
    return () => {
      this.followers.delete(changed);
      if (this.followers.size === 0 && this.retry) clearTimeout(this.retry);
    };
  }

  /** The place up to which the log was read; the present end of the log at the first call. */
  async position(): Promise<EventCursor> {
    if (this.head) return this.head;
    const end = await this.reader.end(this.tenantId);
    return (this.head ??= end);
  }

  /** What was read after a place: null when nothing is at hand yet, `behind` when the place lies before what is kept. */
  after(place: EventCursor): { events: readonly JobEvent[]; next: EventCursor } | 'behind' | null {
    if (!this.head || compareCursors(place, this.head) >= 0) return null;
    let first = this.parts.length - 1;
    while (first >= 0 && compareCursors(place, this.parts[first]!.from) < 0) first--;
    if (first < 0) return 'behind';
    const events = this.parts
      .slice(first)
      .flatMap((part) => part.events.filter((event) => compareCursors(place, event.cursor) < 0));
    return { events, next: this.head };
  }

  /** Reads what is new, once. One call at a time. */
  async readOn(): Promise<void> {
    if (!this.head || this.size === 0) return;
    const part = await this.reader.read(this.tenantId, this.head);
    this.keep(part, this.head);
    if (part.more) this.wake(this);
    this.lookAgain(part.held && !part.more);
    if (part.events.length > 0) for (const changed of this.followers) changed();
  }

  /** Followers take what is new before the next read ends, so that the newest part is always at hand. */
  private keep({ events, next }: EventPart, from: EventCursor): void {
    this.head = next;
    if (events.length > 0 || this.parts.length === 0) this.parts.push({ from, events });
    this.kept += events.length;
    while (this.parts.length > 1 && this.kept > KEPT_EVENTS) this.kept -= this.parts.shift()!.events.length;
  }

  private lookAgain(held: boolean): void {
    if (this.retry) clearTimeout(this.retry);
    this.retry = held && this.size > 0 ? setTimeout(() => this.wake(this), this.retryMs).unref() : null;
    this.retryMs = held ? Math.min(this.retryMs * 2, HELD_RETRY_MS.last) : HELD_RETRY_MS.first;
  }
}
