import type { StatsFs } from 'node:fs';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newUuid } from '../../src/common/ids.js';
import { StorageConfig } from '../../src/config/config.js';
import { ProcessProbe } from '../../src/http/process-probe.js';
import {
  fullTenant,
  type Problem,
  rowsOf,
  SIGNAL,
  statusesOf,
  type Submit,
  submitter,
  whileLocked,
} from '../support/admission.js';
import { apiTenant } from '../support/api-tenant.js';
import { startApi } from '../support/app.js';
import { jobsHttp } from '../support/jobs-http.js';
import { query } from '../support/job-fixtures.js';
import { drawnPng } from '../support/pictures.js';
import { until } from '../support/signals.js';

const PENDING = 40;
/** Of one tenant while no other submits. */
const SHARE = PENDING / 2;
const FLOOD = 2_000;
const MIB = 2 ** 20;
const PNG = new Uint8Array(drawnPng(16, 16, (x) => x * 10));

/** A process with these limits. */
async function limitedHttp(env: Record<string, string>): Promise<{ app: NestFastifyApplication; baseUrl: string }> {
  Object.assign(process.env, env);
  try {
    return await jobsHttp();
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
  }
}

async function expectBusy(answer: Response, detail: RegExp): Promise<void> {
  const body = (await answer.json()) as Problem;
  expect([answer.status, body.code]).toEqual([503, 'temporary-reduced-capacity']);
  expect(body.type).toBe('https://iana.org/assignments/http-problem-types#temporary-reduced-capacity');
  expect(body.detail).toMatch(detail);
  expect(body.detail).toMatch(/Nothing was stored/);
  expect(answer.headers.get('retry-after')).toBe(String(body.retryAfter));
}

describe('a process holds so many unanswered submits and so many bytes', () => {
  let app: NestFastifyApplication;
  let submit: Submit;
  let port: number;

  beforeAll(async () => {
    const started = await limitedHttp({ MAX_PENDING_SUBMITS: String(PENDING), MAX_BODIES_MIB: '64' });
    ({ app } = started);
    submit = submitter(started.baseUrl);
    port = Number(new URL(started.baseUrl).port);
  });
  afterAll(() => app.close());

  it(
    'answers 503 to the rest of a flood while the database is blocked, and recovers',
    { timeout: 90_000 },
    async () => {
      const flooding = await fullTenant(submit, 1, 10_000);
      const calm = await fullTenant(submit, 1, 10_000);
      const refusals: Problem[] = [];
      const [flood, other] = await whileLocked('job_queue', 'access exclusive', async () => {
        const headers = { authorization: `Bearer ${flooding}` };
        const answers = Array.from({ length: FLOOD }, async () => {
          const answer = await app.inject({ method: 'POST', url: '/v1/jobs', payload: SIGNAL, headers });
          if (answer.statusCode === 503) refusals.push(answer.json());
          return answer;
        });
        await until(() => refusals.length >= FLOOD - SHARE, { what: 'the refusals of the flood', timeoutMs: 60_000 });
        return [answers, submit(calm)] as const; // the share of others is free still
      });
      expect(refusals[0]).toMatchObject({ code: 'temporary-reduced-capacity', retryable: true, retryAfter: 2 });
      expect(refusals[0]!.detail).toMatch(/^Too many submits wait to be stored here\. Nothing was stored/);
      const stored = (await Promise.all(flood)).filter((a) => a.statusCode === 202).length;
      expect(stored).toBeLessThanOrEqual(SHARE);
      expect((await rowsOf(flooding))['jobs']).toBe(1 + stored);
      expect((await other).status).toBe(202);
      expect(await statusesOf(Array.from({ length: 10 }, () => submit(flooding)))).toEqual({ 202: 10 });
    },
  );

  it('answers 503 to bodies beyond its memory, by sender, and frees what a lost connection held', async () => {
    const [greedy, calm] = [await fullTenant(submit, 0, 10), await fullTenant(submit, 0, 10)];
    const head = `POST /v1/jobs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${greedy}\r\nContent-Type: application/json\r\nContent-Length: ${MIB}\r\n\r\n{`;
    const sockets = Array.from({ length: 32 }, () =>
      net.connect(port, '127.0.0.1', function (this: net.Socket) {
        this.write(head);
      }),
    );
    const isRefused = async () => {
      const answer = await submit(greedy);
      if (answer.status !== 503) return false;
      await expectBusy(answer, /^This server holds as many request bodies as it can/);
      return true;
    };
    await until(isRefused, { what: 'a share that is used up' });
    expect((await submit(calm)).status).toBe(202);
    for (const socket of sockets) socket.destroy();
    await until(async () => (await submit(greedy)).status !== 503, { what: 'the share of the lost connections' });
  });

  it('holds no memory for the bodies of those who only wait', async () => {
    const tenant = await fullTenant(submit, 0, 100);
    const gone = new AbortController();
    const headers = { authorization: `Bearer ${tenant}`, 'content-type': 'application/json', prefer: 'wait=60' };
    const body = JSON.stringify(SIGNAL).padEnd(MIB - 1, ' ');
    const url = `http://127.0.0.1:${port}/v1/jobs`;
    const waiting: Promise<unknown>[] = [];
    for (let stored = 1; stored <= 40; stored++) {
      const answer = fetch(url, { method: 'POST', headers, body, signal: gone.signal });
      waiting.push(
        answer.then(
          (a) => a.status,
          () => 'gone',
        ),
      );
      await until(async () => (await rowsOf(tenant))['jobs'] === stored, {
        what: `job ${stored} of 40, 32 MiB at a time`,
      });
    }
    gone.abort();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['gone']));
  });
});

describe('a process in trouble', () => {
  it('answers 503 while its memory is nearly used up, except to repetitions', async () => {
    const { app, baseUrl } = await jobsHttp();
    try {
      const submit = submitter(baseUrl);
      const tenant = await fullTenant(submit, 0, 10_000);
      const key = { 'idempotency-key': newUuid() };
      expect((await submit(tenant, key)).status).toBe(202);
      const probe = app.get(ProcessProbe, { strict: false });
      probe.heapUsed = () => 0.95;
      await until(async () => (await submit(tenant)).status === 503);
      await expectBusy(await submit(tenant), /^This server is short of memory/);
      expect((await submit(tenant, key)).headers.get('idempotency-replayed')).toBe('true');
      probe.heapUsed = () => 0.5;
      await until(async () => (await submit(tenant)).status === 202);
    } finally {
      await app.close();
    }
  });

  it('stores neither files nor jobs while the disk is nearly full', async () => {
    process.env['MIN_FREE_DISK_MIB'] = '1000000000'; // 954 TiB
    const api = await startApi();
    delete process.env['MIN_FREE_DISK_MIB'];
    try {
      const tenant = await apiTenant(api.app, 'surface-inspection');
      const headers = { authorization: `Bearer ${tenant.apiKey}` };
      const upload = new FormData();
      upload.set('file', new Blob([PNG]), 'a.png');
      await expectBusy(await fetch(`${api.baseUrl}/v1/files`, { method: 'POST', headers, body: upload }), /disk/);
      const job = new FormData();
      job.set('request', JSON.stringify({ analyzer: 'surface-inspection', input: {} }));
      job.set('image', new Blob([PNG]), 'a.png');
      await expectBusy(await fetch(`${api.baseUrl}/v1/jobs`, { method: 'POST', headers, body: job }), /disk/);
      expect(await rowsOf(tenant.id)).toEqual({ jobs: 0, queued: 0, files: 0, keys: 0 });
      expect((await fetch(`${api.baseUrl}/v1/jobs`, { headers })).status).toBe(200);
      expect(await query('select 1 from maru.files where tenant_id = $1', [tenant.id])).toEqual([]);
    } finally {
      await api.stop();
    }
  });

  it('ends an upload that would fill the disk, leaves nothing of it, and goes on when there is room', async () => {
    const space = vi.spyOn(fs, 'statfs').mockResolvedValue({ bavail: 520, bsize: MIB } as StatsFs); // 512 must stay free
    const api = await startApi();
    try {
      const { apiKey } = await apiTenant(api.app, 'surface-inspection');
      const upload = (content: Uint8Array<ArrayBuffer>) => {
        const body = new FormData();
        body.set('file', new Blob([content]), 'a.png');
        return fetch(`${api.baseUrl}/v1/files`, {
          method: 'POST',
          headers: { authorization: `Bearer ${apiKey}` },
          body,
        });
      };
      await expectBusy(await upload(new Uint8Array(20 * MIB)), /disk/);
      const incoming = path.join(api.app.get(StorageConfig, { strict: false }).dataDir, 'files', 'incoming');
      expect(await fs.readdir(incoming)).toEqual([]);
      space.mockResolvedValue({ bavail: 600, bsize: MIB } as StatsFs);
      await until(async () => (await upload(PNG)).status === 201);
    } finally {
      space.mockRestore();
      await api.stop();
    }
  });
});
