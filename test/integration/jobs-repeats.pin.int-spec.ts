import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Analyzer, InputUnreadableError } from '../../src/analyzers/analyzer.js';
import type { ModelVersion } from '../../src/inference/model-version.js';
import type { JobDto } from '../../src/jobs/dto/job.dto.js';
import { FakeRuntime, fakeModel } from '../support/fake-runtime.js';
import { JobsClient } from '../support/jobs-client.js';
import { storedTenant } from '../support/jobs-http.js';
import { ProbeAnalyzer } from '../support/probe-analyzer.js';
import { probeApi, probeWorker } from '../support/probe-apps.js';

const MODEL = fakeModel('probe-net', 1);
const SUCCESSOR = { ...fakeModel('probe-net', 2), version: '2.0.0' };

describe('the pin of a rerun', () => {
  let api: NestFastifyApplication;
  let client: JobsClient;
  let original: JobDto;

  beforeAll(async () => {
    const probe = new ProbeAnalyzer('probe-net');
    api = await probeApi([probe]);
    client = new JobsClient(await api.getUrl(), await storedTenant('probe'));
    original = await withWorker([probe], [MODEL], async () => client.ended((await client.create('first')).id));
    expect(original).toMatchObject({ status: 'succeeded', model: { digest: MODEL.digest } });
  });
  afterAll(() => api.close());

  /** Runs `work` while a worker of this kind is there. */
  async function withWorker<T>(
    analyzers: readonly Analyzer[],
    models: readonly ModelVersion[],
    work: () => Promise<T>,
  ): Promise<T> {
    const runtime = new FakeRuntime();
    runtime.isAutomatic = true;
    const worker = await probeWorker(analyzers, models, () => runtime);
    try {
      return await work();
    } finally {
      await worker.close();
    }
  }
  const rerun = (at = client): Promise<{ status: number; body: JobDto & { errors: { pointer: string }[] } }> =>
    at.call('POST', `/v1/jobs/${original.id}/rerun`);

  it('is not run on another model', async () => {
    const probe = new ProbeAnalyzer('probe-net');
    const job = await withWorker([probe], [SUCCESSOR], async () => client.ended((await rerun()).body.id));
    expect(job).toMatchObject({ status: 'failed', attempt: 3, rerunVerdict: null, usage: { units: 0, deviceMs: 0 } });
    expect(job.error).toMatchObject({ code: 'model_unavailable', retryable: true });
    expect(job.error!.message).toContain(MODEL.digest);
    expect(job.error!.message).toContain(SUCCESSOR.digest);
    expect(probe.begun).toEqual([]);
  });

  it('finds its model beside the one that serves now', async () => {
    const probe = new ProbeAnalyzer('probe-net');
    const job = await withWorker([probe], [SUCCESSOR, MODEL], async () => client.ended((await rerun()).body.id));
    expect(job).toMatchObject({ status: 'succeeded', model: { digest: MODEL.digest }, rerunVerdict: { match: true } });
  });

  it('is not run by a worker that has another version of the analyzer', async () => {
    const probe = new ProbeAnalyzer('probe-net', '9.0.0');
    const job = await withWorker([probe], [MODEL], async () => client.ended((await rerun()).body.id));
    expect(job.error).toMatchObject({ code: 'model_unavailable' });
    expect(job.error!.message).toMatch(/version 1\.0\.0 of probe.*version 9\.0\.0/);
  });

  it('is refused once the version of the analyzer is gone, and a retry checks its input again', async () => {
    const next = new ProbeAnalyzer('probe-net', '2.0.0');
    Object.assign(next.definition.inputSchema, { required: ['name', 'values', 'unit'] });
    const probe = new ProbeAnalyzer('probe-net');
    probe.beforePrepare = () => {
      throw new InputUnreadableError('no');
    };
    const failed = await withWorker([probe], [MODEL], async () => client.ended((await client.create('x')).id));
    const later = await probeApi([next]);
    try {
      const at = new JobsClient(await later.getUrl(), client.tenantId);
      const refused = await rerun(at);
      expect([refused.status, refused.body.errors[0]!.pointer]).toEqual([422, '/analyzerVersion']);
      const misfit = await at.call<{ errors: { pointer: string }[] }>('POST', `/v1/jobs/${failed.id}/retry`);
      expect([misfit.status, misfit.body.errors[0]!.pointer]).toEqual([422, '/input/unit']);
    } finally {
      await later.close();
    }
  });
});
