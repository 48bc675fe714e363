import fs from 'node:fs';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid, publicId, uuidOf } from '../../src/common/ids.js';
import { StorageConfig } from '../../src/config/config.js';
import type { JobDto } from '../../src/jobs/dto/job.dto.js';
import { contextOf } from '../support/job-room.js';
import { FilesService } from '../../src/files/files.service.js';
import { query } from '../support/job-fixtures.js';
import { HandWorker } from '../support/job-worker.js';
import { jobsHttp, storedTenant } from '../support/jobs-http.js';
import { drawnPng } from '../support/pictures.js';

const PNG = drawnPng(16, 16, (x) => x * 10);
const BODY = {
  analyzer: 'surface-inspection',
  input: { image: { dataUri: `data:image/png;base64,${PNG.toString('base64')}` } },
  metadata: { order: '7' },
};

describe('erasing a job over HTTP', () => {
  let app: NestFastifyApplication;
  let baseUrl: string;
  let tenant: string;
  let worker: HandWorker;

  beforeAll(async () => {
    ({ app, baseUrl } = await jobsHttp());
    tenant = await storedTenant('surface-inspection');
    worker = await HandWorker.start(app);
  });
  afterAll(() => app.close());

  const call = (suffix: string, method = 'GET', as = tenant, headers: Record<string, string> = {}) =>
    fetch(`${baseUrl}/v1/jobs${suffix}`, { method, headers: { authorization: `Bearer ${as}`, ...headers } });
  const read = async (id: string) => (await (await call(`/${id}`)).json()) as JobDto;
  const erase = (id: string, as = tenant) => call(`/${id}/data`, 'DELETE', as);
  const created = async (body: unknown = BODY): Promise<JobDto> => {
    const headers = { authorization: `Bearer ${tenant}`, 'content-type': 'application/json' };
    const answer = await fetch(`${baseUrl}/v1/jobs`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.status, await answer.clone().text()).toBe(202);
    return (await answer.json()) as JobDto;
  };
  const ended = async (body: unknown = BODY): Promise<JobDto> => {
    const job = await created(body);
    for (const journal of await worker.claim(tenant, 50)) {
      for (const stage of ['prepare', 'batch', 'infer', 'interpret'] as const) worker.stage(journal, stage);
      await worker.end(journal);
    }
    return read(job.id);
  };
  const fileOf = (job: JobDto) => (job.input!['image'] as { fileId: string }).fileId;
  const bytesOf = (fileId: string) =>
    fs.existsSync(
      path.join(app.get(StorageConfig, { strict: false }).dataDir, 'files', tenant, uuidOf('file', fileId)!),
    );
  const rowOf = (fileId: string) => query('select 1 from maru.files where id = $1', [uuidOf('file', fileId)]);
  const upload = async () => {
    const file = await app.get(FilesService, { strict: false }).save(contextOf(tenant), 'job_input', 'p.png', PNG);
    return publicId('file', file.id);
  };

  it('takes input, result and file away and keeps the tombstone', async () => {
    const before = await ended();
    expect(before).toMatchObject({ status: 'succeeded', result: { data: { text: '42' } }, dataErasedAt: null });
    const timeline = await (await call(`/${before.id}/timeline`)).json();
    expect(bytesOf(fileOf(before))).toBe(true);

    const answer = await erase(before.id);
    expect([answer.status, await answer.text()]).toEqual([204, '']);

    const after = await read(before.id);
    const erased = { input: null, result: null, resultExpiresAt: null, dataErasedAt: expect.stringMatching(/Z$/) };
    expect(after).toEqual({ ...before, ...erased });
    expect(await (await call(`/${before.id}/timeline`)).json()).toEqual(timeline);
    const result = await call(`/${before.id}/result`);
    expect([result.status, ((await result.json()) as { code: string }).code]).toEqual([410, 'result-expired']);
    expect([bytesOf(fileOf(before)), await rowOf(fileOf(before))]).toEqual([false, []]);
    const [left] = await query(
      `select (select count(*)::int from maru.usage_ledger where job_id = $1) as ledger,
              (select count(*)::int from maru.job_files where job_id = $1) as files,
              (select result is null and units = 1 from maru.job_ends where id = $1) as emptied`,
      [uuidOf('job', before.id)],
    );
    expect(left).toEqual({ ledger: 1, files: 0, emptied: true });
  });

  it('changes nothing when repeated, and a client that has the job cached hears of it', async () => {
    const job = await ended();
    const tag = (await call(`/${job.id}`)).headers.get('etag')!;
    expect((await call(`/${job.id}`, 'GET', tenant, { 'if-none-match': tag })).status).toBe(304);
    await erase(job.id);
    const first = await (await call(`/${job.id}`, 'GET', tenant, { 'if-none-match': tag })).json();
    expect(first).toMatchObject({ input: null });
    expect((await erase(job.id)).status).toBe(204);
    expect(await read(job.id)).toEqual(first);
  });

  it('is refused while the job waits or runs', async () => {
    const { id } = await created();
    const waiting = await erase(id);
    expect(waiting.status).toBe(409);
    expect(await waiting.json()).toMatchObject({
      code: 'invalid-state-transition',
      currentStatus: 'queued',
      allowed: ['canceled'],
    });
    const [journal] = await worker.claim(tenant, 1);
    expect(await (await erase(id)).json()).toMatchObject({ currentStatus: 'running' });
    await worker.end(journal!);
    expect((await erase(id)).status).toBe(204);
  });

  it('erases a job that was canceled before it started', async () => {
    const job = await created();
    await call(`/${job.id}/cancel`, 'POST');
    expect((await erase(job.id)).status).toBe(204);
    expect(await read(job.id)).toMatchObject({ status: 'canceled', input: null, dataErasedAt: expect.any(String) });
    expect(bytesOf(fileOf(job))).toBe(false);
  });

  it('knows no foreign job, and touches it not', async () => {
    const job = await ended();
    const stranger = await storedTenant();
    const answers = await Promise.all(
      [erase(job.id, stranger), erase(publicId('job', newUuid()), stranger), erase('job_nonsense', stranger)].map(
        async (answer) => (await answer).status,
      ),
    );
    expect(answers).toEqual([404, 404, 404]);
    expect(await read(job.id)).toEqual(job);
  });

  it('keeps an upload until the last job that names it is erased, whoever is erased at once', async () => {
    const fileId = await upload();
    const input = { image: { fileId } };
    const jobs = [await ended({ ...BODY, input }), await ended({ ...BODY, input }), await ended({ ...BODY, input })];
    await erase(jobs[0]!.id);
    expect([bytesOf(fileId), (await rowOf(fileId)).length]).toEqual([true, 1]);
    const both = await Promise.all([erase(jobs[1]!.id), erase(jobs[2]!.id)]);
    expect(both.map((answer) => answer.status)).toEqual([204, 204]);
    expect([bytesOf(fileId), (await rowOf(fileId)).length]).toEqual([false, 0]);
  });

  it('leaves a file to a job that still waits', async () => {
    const fileId = await upload();
    const input = { image: { fileId } };
    const old = await ended({ ...BODY, input });
    const waiting = await created({ ...BODY, input });
    await erase(old.id);
    expect(bytesOf(fileId)).toBe(true);
    await call(`/${waiting.id}/cancel`, 'POST');
    await erase(waiting.id);
    expect(bytesOf(fileId)).toBe(false);
  });
});
