import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newUuid, publicId } from '../../src/common/ids.js';
import type { EventDto } from '../../src/jobs/dto/event.dto.js';
import { EventCursors } from '../../src/jobs/events/event-cursors.js';
import { ALL_EVENTS } from '../../src/jobs/events/event-filter.js';
import { EventList } from '../../src/jobs/events/event-list.js';
import { EventReader } from '../../src/jobs/events/event-reader.js';
import { EventStream } from '../../src/jobs/events/event-stream.js';
import { JobEventsModule } from '../../src/jobs/events/job-events.module.js';
import { HttpLayerModule } from '../../src/http/http.module.js';
import { databaseModule } from '../support/database-module.js';
import { FeedWriter } from '../support/feed-writer.js';
import { until } from '../support/signals.js';

const WRITERS = 10;
const COMMITS_OF_EACH = 25;

let module: TestingModule;
beforeAll(async () => {
  module = await databaseModule(HttpLayerModule, JobEventsModule);
});
afterAll(() => module.close());

/** Some commit at once, some begin long before they write, some hold what they wrote. */
async function writer(tenants: readonly string[], written: Map<string, string[]>): Promise<void> {
  const feed = await FeedWriter.connect();
  for (let i = 0; i < COMMITS_OF_EACH; i++) {
    const tenantId = tenants[Math.floor(Math.random() * tenants.length)]!;
    const slow = Math.random() < 0.2;
    const openMs = { before: slow ? Math.random() * 60 : 0, after: slow ? Math.random() * 120 : Math.random() * 4 };
    const ids = await feed.write(tenantId, 1 + Math.floor(Math.random() * 5), openMs);
    written.get(tenantId)!.push(...ids.map((id) => publicId('job', id)));
  }
  await feed.close();
}

/** A reader of one tenant and the jobs that it was told of. */
interface Reader {
  readonly seen: string[];
  /** Resolves when it has left after `stop`. */
  readonly left: Promise<void>;
}

/** Follows the stream, and breaks off and resumes after as many messages as `cutAfter` says. */
function follow(tenantId: string, after: string, stop: AbortSignal, cutAfter: () => number): Reader {
  const [streams, cursors] = [module.get(EventStream), module.get(EventCursors)];
  const seen: string[] = [];
  const left = (async () => {
    for (let last = after; !stop.aborted;) {
      let more = cutAfter();
      const client = new AbortController();
      const signal = AbortSignal.any([stop, client.signal]);
      for await (const event of await streams.open(tenantId, ALL_EVENTS, cursors.open(tenantId, last), signal)) {
        last = event.id!;
        if (event.type === 'status') seen.push((JSON.parse(event.data as string) as EventDto).jobId);
        if (more-- === 0) client.abort();
      }
    }
  })();
  return { seen, left };
}

/** Reads the list in small pages, all the while. */
function poll(tenantId: string, after: string, stop: AbortSignal): Reader {
  const [list, cursors] = [module.get(EventList), module.get(EventCursors)];
  const seen: string[] = [];
  const left = (async () => {
    for (let cursor = after; !stop.aborted;) {
      const page = await list.page(tenantId, ALL_EVENTS, cursors.open(tenantId, cursor), 3);
      seen.push(...page.data.map((event) => event.jobId));
      cursor = page.cursor;
    }
  })();
  return { seen, left };
}

it('misses nothing and repeats nothing while transactions commit in another order than they began', async () => {
  const tenants = [newUuid(), newUuid()];
  const written = new Map(tenants.map((tenantId) => [tenantId, [] as string[]]));
  const stop = new AbortController();
  const readers = await Promise.all(
    tenants.map(async (tenantId) => {
      const start = module.get(EventCursors).seal(tenantId, await module.get(EventReader).end(tenantId));
      const whole = follow(tenantId, start, stop.signal, () => Infinity);
      const cut = follow(tenantId, start, stop.signal, () => Math.floor(Math.random() * 20));
      return { tenantId, all: [poll(tenantId, start, stop.signal), whole, cut] as const };
    }),
  );
  await Promise.all(Array.from({ length: WRITERS }, () => writer(tenants, written)));
  const isComplete = ({ tenantId, all }: (typeof readers)[number]): boolean =>
    all.every(({ seen }) => seen.length >= written.get(tenantId)!.length);
  await until(() => readers.every(isComplete)).catch(() => undefined); // what is missing shows below
  stop.abort();
  for (const { tenantId, all } of readers) {
    await Promise.all(all.map(({ left }) => left));
    const [log, whole, cut] = all.map(({ seen }) => seen);
    expect(log!.toSorted()).toEqual(written.get(tenantId)!.toSorted());
    expect(whole).toEqual(log);
    expect(cut).toEqual(log);
  }
}, 60_000);
