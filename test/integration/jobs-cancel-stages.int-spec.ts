import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { publicId, uuidOf } from '../../src/common/ids.js';
import { TensorArena } from '../../src/inference/arena/tensor-arena.js';
import { EngineGoneError } from '../../src/inference/inference.errors.js';
import type { JobDto } from '../../src/jobs/dto/job.dto.js';
import { type Flush, RecordingRepository } from '../../src/jobs/recording/recording.repository.js';
import { FakeRuntime, fakeModel } from '../support/fake-runtime.js';
import { query } from '../support/job-fixtures.js';
import { JobsClient } from '../support/jobs-client.js';
import { storedTenant } from '../support/jobs-http.js';
import { ProbeAnalyzer } from '../support/probe-analyzer.js';
import { probeApi, probeWorker } from '../support/probe-apps.js';
import { until } from '../support/signals.js';

const UNBILLED = { usage: { units: 0, deviceMs: 0, amount: null, ledgerKey: null }, result: null };
const CANCELED = { status: 'canceled', cancelReason: 'client', ...UNBILLED };

describe('a cancel tells the truth at every stage', () => {
  const probe = new ProbeAnalyzer('probe-net');
  const runtime = new FakeRuntime();
  let api: NestFastifyApplication;
  let worker: TestingModule;
  let client: JobsClient;

  beforeAll(async () => {
    api = await probeApi([probe]);
    worker = await probeWorker([probe], [fakeModel('probe-net')], () => runtime);
    client = new JobsClient(await api.getUrl(), await storedTenant('probe'));
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => Promise.all([worker.close(), api.close()]));

  /** Cancels, and checks that the answer was a state that the job really was in: the next read is it, or follows it. */
  const cancel = async (job: JobDto): Promise<JobDto> => {
    const { status, body: answer } = await client.call('POST', `/v1/jobs/${job.id}/cancel`);
    const next = await client.job(job.id);
    const at = (await client.timeline(job.id)).find((t) => t.seq === answer.seq)!;
    expect([answer.status, status]).toEqual([at.status, answer.status === 'canceling' ? 202 : 200]);
    if (next.seq === answer.seq) expect(next).toEqual(answer);
    else expect([answer.status, next.status]).toEqual(['canceling', 'canceled']);
    return answer;
  };
  const ledger = async (id: string): Promise<number> =>
    (await query('select from maru.usage_ledger where job_id = $1', [uuidOf('job', id)])).length;
  const started = async (name: string): Promise<JobDto> => {
    const job = await client.create(name);
    await until(() => runtime.held.length === 1);
    return job;
  };

  it('in prepare, though it hangs', async () => {
    const hold = Promise.withResolvers<void>();
    probe.beforePrepare = () => hold.promise;
    const job = await client.create('prepare');
    await until(() => probe.begun.includes('prepare'));
    await cancel(job);
    expect(await client.ended(job.id)).toMatchObject(CANCELED);
    expect(await client.story(job.id)).toEqual(['job.queued', 'job.started', 'job.canceling', 'job.canceled']);
    probe.beforePrepare = () => undefined;
    hold.resolve();
  });

  it('while it waits for a batch, which then leaves without it', async () => {
    const first = await started('in the way');
    const job = await client.create('waits');
    await until(async () => (await client.story(job.id)).includes('prepare'));
    await cancel(job);
    expect(await client.ended(job.id)).toMatchObject(CANCELED);
    runtime.held[0]!.answer();
    expect((await client.ended(first.id)).status).toBe('succeeded');
    expect(runtime.held).toEqual([]);
  });

  it('in a running batch, whose late answer changes nothing, and whose neighbors get theirs', async () => {
    const first = await started('ahead');
    const [job, neighbor] = [await client.create('one'), await client.create('two')];
    await until(async () => (await client.story(neighbor.id)).includes('prepare'));
    runtime.held[0]!.answer();
    await until(() => runtime.held[0]?.batch.items.length === 2);
    await cancel(job);
    const ended = await client.ended(job.id);
    expect(ended).toMatchObject(CANCELED);
    runtime.held[0]!.answer();
    for (const { id } of [first, neighbor]) expect((await client.ended(id)).status).toBe('succeeded');
    await until(() => worker.get(TensorArena, { strict: false }).reservedBytes === 0);
    expect(await client.job(job.id)).toEqual(ended);
    expect([await ledger(job.id), await ledger(neighbor.id)]).toEqual([0, 1]);
  });

  it('in a batch that takes its engine down', async () => {
    const job = await started('crash');
    await cancel(job);
    runtime.held[0]!.fail(new EngineGoneError('exit 139', true));
    expect(await client.ended(job.id)).toMatchObject({ ...CANCELED, attempt: 1 });
  });

  it('between two attempts', async () => {
    const job = await started('twice');
    runtime.held[0]!.fail(new EngineGoneError('exit 139', true));
    const requeued = await until(async () => {
      await query(`update maru.job_queue set run_at = now() + interval '1 hour' where id = $1 and state = 0`, [
        uuidOf('job', job.id),
      ]);
      const now = await client.job(job.id);
      return now.status === 'queued' && now;
    });
    const answer = await cancel(requeued);
    expect(answer).toMatchObject({ ...CANCELED, attempt: 1, seq: requeued.seq + 1 });
  });

  /** The client's cancel commits just before the worker's statement. */
  function cancelBefore(statement: 'finish' | 'requeue', answers: JobDto[]): void {
    const repository = worker.get(RecordingRepository, { strict: false });
    const original = repository[statement].bind(repository) as (f: readonly Flush[]) => Promise<Set<string> | null>;
    vi.spyOn(repository, statement).mockImplementationOnce(async (flushes: readonly Flush[]) => {
      const id = publicId('job', flushes[0]!.journal.claim.jobId);
      answers.push((await client.call('POST', `/v1/jobs/${id}/cancel`)).body);
      return original(flushes);
    });
  }

  it('when the result is there already: canceling, then succeeded and billed', async () => {
    const job = await started('too late');
    const answers: JobDto[] = [];
    cancelBefore('finish', answers);
    runtime.held[0]!.answer();
    const ended = await client.ended(job.id);
    expect(answers).toMatchObject([{ status: 'canceling' }]);
    expect(ended).toMatchObject({ status: 'succeeded', cancelReason: null, usage: { units: 1 } });
    const story = await client.story(job.id);
    expect(story.slice(0, 2)).toEqual(['job.queued', 'job.started']);
    expect(story).toContain('job.canceling');
    expect(story.slice(-1)).toEqual(['job.succeeded']);
    expect(await ledger(job.id)).toBe(1);
    const again = await client.call<{ code: string }>('POST', `/v1/jobs/${job.id}/cancel`);
    expect([again.status, again.body.code]).toEqual([409, 'invalid-state-transition']);
  });

  it('when the attempt was about to go back to the queue', async () => {
    const job = await started('requeue');
    const answers: JobDto[] = [];
    cancelBefore('requeue', answers);
    runtime.held[0]!.fail(new EngineGoneError('exit 139', true));
    expect(await client.ended(job.id)).toMatchObject(CANCELED);
    expect(answers).toMatchObject([{ status: 'canceling' }]);
  });

  it('when the deadline passes at the same time: the client was first', async () => {
    const answers: JobDto[] = [];
    cancelBefore('finish', answers);
    const job = await client.create('both', {}, { 'cancel-after': '3s' });
    await until(() => runtime.held.length === 1);
    expect(await client.ended(job.id)).toMatchObject(CANCELED);
    expect(answers).toMatchObject([{ status: 'canceling' }]);
    expect((await client.story(job.id)).slice(-2)).toEqual(['job.canceling', 'job.canceled']);
    runtime.held[0]!.answer();
  });
});
