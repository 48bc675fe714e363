import { Injectable } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { newUuid } from '../../src/common/ids.js';
import { CHANNEL } from '../../src/jobs/job-channels.js';
import { JobStagesModule } from '../../src/jobs/stages/job-stages.module.js';
import { SideEffect, type SideEvent } from '../../src/side-work/side-effect.js';
import { ScheduleTimes } from '../../src/side-work/housekeeping-schedule.js';
import { SideWorkModule } from '../../src/side-work/side-work.module.js';
import { databaseModuleBuilder } from './database-module.js';
import { query } from './job-fixtures.js';
import { insertQueuedJobs } from './job-rows.js';
import { HandWorker, WORKER_PROVIDERS } from './job-worker.js';

/** A consumer of every event. It notes the calls and can be held up or made to fail. */
@Injectable()
export class RecordingEffect extends SideEffect {
  readonly calls: SideEvent[] = [];
  /** Awaited by each call after it is noted. */
  hindrance: (event: SideEvent) => Promise<void> = () => Promise.resolve();

  wants(kind: string): boolean {
    return kind.startsWith('job.');
  }

  async apply(event: SideEvent): Promise<void> {
    this.calls.push(event);
    await this.hindrance(event);
  }

  of(tenantId: string): SideEvent[] {
    return this.calls.filter((event) => event.tenantId === tenantId);
  }
}

class EffectRoom {}
class HandRoom {}

/**
 * Side work with one consumer, and a worker that a test moves by hand: one process of the platform.
 * @param times when it looks for its schedule, as in production unless given
 */
export async function sideWorkRoom(times: ScheduleTimes = new ScheduleTimes()): Promise<TestingModule> {
  const effects = { module: EffectRoom, providers: [RecordingEffect], exports: [RecordingEffect] };
  const hand = {
    module: HandRoom,
    imports: [JobStagesModule],
    providers: WORKER_PROVIDERS,
    exports: WORKER_PROVIDERS,
  };
  const sideWork = SideWorkModule.forRoot({
    imports: [effects],
    effects: [RecordingEffect],
    newsChannel: CHANNEL.fed,
  });
  const module = await databaseModuleBuilder(hand, sideWork).overrideProvider(ScheduleTimes).useValue(times).compile();
  return module.init();
}

/** A tenant whose ends of jobs go to the outbox. */
export async function subscribedTenant(): Promise<string> {
  const id = newUuid();
  await query('insert into maru.tenants (id, slug, name, outbox) values ($1, $2, $3, true)', [
    id,
    `t-${id.slice(-12)}`,
    'Tenant',
  ]);
  return id;
}

/** Runs jobs of this tenant to their end: claimed, recorded, outbox rows written. Returns their ids. */
export async function endJobs(room: TestingModule, tenantId: string, count: number): Promise<string[]> {
  const ids = await insertQueuedJobs(tenantId, count);
  const worker = await HandWorker.start(room);
  const journals = await worker.claim(tenantId, count);
  await Promise.all(journals.map((journal) => worker.end(journal)));
  return ids;
}

/** Rows of this tenant that are not done. */
export async function outboxOf(tenantId: string): Promise<number> {
  const rows = await query<{ n: number }>('select count(*)::int as n from maru.outbox where tenant_id = $1', [
    tenantId,
  ]);
  return rows[0]!.n;
}

/** What the passing of ten minutes does. */
export async function tenMinutesLater(tenantId: string): Promise<void> {
  await query(`update maru.outbox set relay_at = now() - interval '1 s' where tenant_id = $1`, [tenantId]);
}
