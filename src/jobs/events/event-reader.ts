import { Injectable } from '@nestjs/common';
import type { Timeline } from '../job.js';
import { SharedJobReads } from '../reading/shared-job-reads.js';
import type { EventCursor } from './event-cursor.js';
import { compareCursors } from './event-cursor.js';
import { ALL_EVENTS, type EventFilter, passes } from './event-filter.js';
import { type FeedPart, FeedRepository, type FeedRow } from './feed.repository.js';
import { JobEvent } from './job-event.js';

/** Transitions a read looks at: about 1 KiB each. */
const MAX_TRANSITIONS = 500;

/** Events from a place on. */
export interface EventPart {
  readonly events: readonly JobEvent[];
  /** Where to go on. */
  readonly next: EventCursor;
  /** There is more to read at once. */
  readonly more: boolean;
  /** Something was committed that cannot be shown before an older transaction ends: look again soon. */
  readonly held: boolean;
}

/** What a row of the log says about one job. */
interface Entry {
  readonly row: FeedRow;
  readonly jobId: string;
  readonly seq: number;
  readonly n: number;
  /** Transitions of the row before this entry. */
  readonly before: number;
}

/** Reads a tenant's event log: each transition once, in the order of commits; those of one job in the order of seq. */
@Injectable()
export class EventReader {
  constructor(
    private readonly feed: FeedRepository,
    private readonly jobs: SharedJobReads,
  ) {}

  /** The end of the log as it is now. */
  async end(tenantId: string): Promise<EventCursor> {
    return (await this.feed.read(tenantId, null, 0)).watermark;
  }

  /** Does the log still reach back to this place? @throws EventHistoryExpiredError */
  async assertKept(tenantId: string, place: EventCursor): Promise<void> {
    await this.feed.read(tenantId, place, 0);
  }

  /** Events after a cursor; null: from the oldest kept. @throws EventHistoryExpiredError */
  async read(
    tenantId: string,
    after: EventCursor | null,
    filter: EventFilter = ALL_EVENTS,
    maxTransitions = MAX_TRANSITIONS,
  ): Promise<EventPart> {
    const part = await this.feed.read(tenantId, after);
    const { entries, next, more } = cut(part, after, maxTransitions);
    const wanted = entries.filter((entry) => filter.jobIds?.has(entry.jobId) ?? true);
    const ids = [...new Set(wanted.map((entry) => entry.jobId))];
    const timelines = await Promise.all(ids.map((id) => this.jobs.timeline(tenantId, id)));
    const byId = new Map(ids.map((id, i) => [id, timelines[i] ?? null]));
    const events = wanted.flatMap((entry) => eventsOf(entry, byId.get(entry.jobId) ?? null));
    const fresh = after ? events.filter((event) => compareCursors(event.cursor, after) > 0) : events;
    return { events: fresh.filter((event) => passes(filter, event)), next, more, held: part.held };
  }
}

/** The entries that fit, at least one, and the place after them. */
function cut(
  part: FeedPart,
  after: EventCursor | null,
  maxTransitions: number,
): { entries: Entry[]; next: EventCursor; more: boolean } {
  const entries: Entry[] = [];
  let count = 0;
  for (const entry of part.rows.flatMap(entriesOf)) {
    const end = placeAfter(entry, entry.n);
    if (after && compareCursors(end, after) <= 0) continue;
    if (count > 0 && count + entry.n > maxTransitions) return { entries, next: placeAfterLast(entries), more: true };
    entries.push(entry);
    count += entry.n;
  }
  if (part.more) return { entries, next: placeAfterLast(entries), more: true };
  // A watermark that lies before the cursor was read elsewhere, on a snapshot taken earlier.
  const next = after && compareCursors(part.watermark, after) < 0 ? after : part.watermark;
  return { entries, next, more: false };
}

function entriesOf(row: FeedRow): Entry[] {
  let before = 0;
  return row.ids.map((jobId, i) => {
    const entry = { row, jobId, seq: row.seqs[i]!, n: row.ns[i]!, before };
    before += entry.n;
    return entry;
  });
}

/** A job whose history is gone has no events. */
function eventsOf(entry: Entry, timeline: Timeline | null): JobEvent[] {
  const transitions = timeline?.transitions.slice(entry.seq - 1, entry.seq - 1 + entry.n) ?? [];
  return transitions.map((transition, i) => new JobEvent(placeAfter(entry, i + 1), entry.jobId, transition));
}

function placeAfter({ row, before }: Entry, transitions: number): EventCursor {
  return { xid: row.xid, taken: before + transitions, atMs: row.atMs };
}

function placeAfterLast(entries: readonly Entry[]): EventCursor {
  const last = entries.at(-1)!;
  return placeAfter(last, last.n);
}
