import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkerPool } from '../../src/database/role-pool.js';
import type { QueueDto } from '../../src/jobs/dto/queue.dto.js';
import type { ValidationAnswerDto } from '../../src/jobs/dto/quote.dto.js';
import { OutlooksRepository } from '../../src/jobs/duties/outlooks.repository.js';
import type { JobOutlook } from '../../src/jobs/tenant-outlook.js';
import { query } from '../support/job-fixtures.js';
import { insertQueuedJobs } from '../support/job-rows.js';
import { HandWorker } from '../support/job-worker.js';
import { JobsClient } from '../support/jobs-client.js';
import { jobsHttp, storedTenant } from '../support/jobs-http.js';

const SIGNAL = { analyzer: 'signal-anomaly', input: { values: Array.from({ length: 256 }, (_, i) => i % 7) } };
const TAIL: JobOutlook = { reason: 'tenant_share', ahead: 3, start: [60_000, 90_000], run: [50, 60], fill: null };

describe('the queue of a tenant', () => {
  let app: NestFastifyApplication;
  let baseUrl: string;
  let worker: HandWorker;
  let outlooks: OutlooksRepository;

  beforeAll(async () => {
    ({ app, baseUrl } = await jobsHttp());
    worker = await HandWorker.start(app);
    outlooks = new OutlooksRepository(app.get(WorkerPool, { strict: false }));
  });
  afterAll(() => app.close());

  const queueOf = async (client: JobsClient) => (await client.call<QueueDto>('GET', '/v1/queue')).body;
  const quoteOf = async (client: JobsClient, priority: string) =>
    (await client.call<ValidationAnswerDto>('POST', '/v1/jobs?validateOnly=true', {}, { ...SIGNAL, priority })).body
      .quote;

  it('tells its depth, its share and what the next job waits for', async () => {
    const [own, other] = [await storedTenant('signal-anomaly'), await storedTenant('signal-anomaly')];
    await query('update maru.tenants set weight = 3, max_queued_jobs = 50 where id = $1', [own]);
    await insertQueuedJobs(own, 5);
    await insertQueuedJobs(other, 40);
    await worker.claim(own, 1);
    await outlooks.replace(worker.id, [
      { tenantId: own, outlook: { tail: TAIL, perJob: [1_000, 2_000], jobs: {} } },
      { tenantId: other, outlook: { tail: { ...TAIL, start: [0, 0] }, perJob: null, jobs: {} } },
    ]);
    const [{ at }] = (await query<{ at: Date }>('select at from maru.queue_outlooks where tenant_id = $1', [own])) as [
      { at: Date },
    ];
    const client = new JobsClient(baseUrl, own);

    const standing = await queueOf(client);
    expect(standing).toMatchObject({
      depth: 5,
      queued: 4,
      running: 1,
      limit: 50,
      share: { weight: 3, entitled: 0.75 },
    });
    expect(standing.next).toMatchObject({ reason: 'tenant_share', etaModel: 'fairfit-1' });
    expect(Date.parse(standing.next.estimatedStartAt!.p50!) - at.getTime()).toBeCloseTo(65_000, -1);
    expect(standing.waitMs).toEqual({ window: '1h', jobs: 0, p50: null, p90: null, fleetP50: null, fleetP90: null });

    const quote = await quoteOf(client, 'standard');
    expect(quote).toMatchObject({ etaModel: 'fairfit-1', quotaLeft: 45 });
    const msOf = (text: string | null) => Date.parse(text!) - at.getTime();
    expect(msOf(quote.estimatedStartAt!.p50)).toBeCloseTo(65_000, -1);
    expect(msOf(quote.estimatedStartAt!.p90)).toBeCloseTo(100_000, -1);
    expect(msOf(quote.estimatedFinishAt!.p90)).toBeCloseTo(100_060, -1);
    const urgent = await quoteOf(client, 'interactive');
    expect(msOf(urgent.estimatedStartAt!.p50)).toBeCloseTo(61_000, -1);

    const late = await quoteOf(new JobsClient(baseUrl, other), 'bulk');
    expect(late).toMatchObject({ estimatedStartAt: null, estimatedFinishAt: null, etaModel: null });
  });

  it('is of nobody else: a tenant without work sees an empty one', async () => {
    const client = new JobsClient(baseUrl, await storedTenant('signal-anomaly'));
    expect(await queueOf(client)).toMatchObject({
      depth: 0,
      next: { reason: null, estimatedStartAt: null, etaModel: null },
      waitMs: { jobs: 0 },
    });
  });
});
