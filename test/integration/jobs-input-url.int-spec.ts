import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobDto } from '../../src/jobs/dto/job.dto.js';
import type { Problem } from '../support/admission.js';
import { query } from '../support/job-fixtures.js';
import { jobsHttp, storedTenant } from '../support/jobs-http.js';
import { drawnPng } from '../support/pictures.js';

const PNG = drawnPng(16, 16, (x) => x * 10);
let app: NestFastifyApplication;
let baseUrl: string;
let tenant: string;
let origin: http.Server;
let pictures: string;
let asked: string[];

beforeAll(async () => {
  origin = http.createServer((request, response) => {
    asked.push(request.url!);
    if (request.url!.endsWith('.png')) response.end(PNG);
    else if (request.url === '/huge') response.writeHead(200, { 'content-length': 11 * 2 ** 20 }).end();
    else if (request.url === '/text') response.end('secret of an internal service');
    else if (request.url === '/moved') response.writeHead(302, { location: '/a.png' }).end();
    else response.writeHead(404).end('secret of an internal service');
  });
  origin.listen(0, '127.0.0.1');
  await once(origin, 'listening');
  const { port } = origin.address() as AddressInfo;
  pictures = `http://127.0.0.1:${port}`;
  process.env['OUTBOUND_ALLOW'] = `127.0.0.1:${port}`;
  ({ app, baseUrl } = await jobsHttp());
  tenant = await storedTenant('surface-inspection');
});
afterAll(async () => {
  await app.close();
  origin.close();
});

const submit = (url: string, headers: Record<string, string> = {}) => {
  asked = [];
  return fetch(`${baseUrl}/v1/jobs`, {
    method: 'POST',
    body: JSON.stringify({ analyzer: 'surface-inspection', input: { image: { url } } }),
    headers: { authorization: `Bearer ${tenant}`, 'content-type': 'application/json', ...headers },
  });
};

describe('an input file by its address', () => {
  it('is fetched once and stored; the job names the file', async () => {
    const answer = await submit(`${pictures}/pictures/p%20001.png`);
    const job = (await answer.json()) as JobDto;
    expect(answer.status, JSON.stringify(job)).toBe(202);
    expect(asked).toEqual(['/pictures/p%20001.png']);
    const files = await query<{ name: string; bytes: number; mime: string }>(
      'select name, bytes::int as bytes, mime_type as mime from maru.files where tenant_id = $1',
      [tenant],
    );
    expect(files).toEqual([{ name: 'p 001.png', bytes: PNG.length, mime: 'image/png' }]);
    expect(job.input).toEqual({ image: { fileId: expect.stringMatching(/^file_/) } });
  });

  it('is not fetched again for the repetition of a request', async () => {
    const key = { 'idempotency-key': 'by-url' };
    expect((await submit(`${pictures}/a.png`, key)).status).toBe(202);
    const again = await submit(`${pictures}/a.png`, key);
    expect([again.status, again.headers.get('idempotency-replayed'), asked]).toEqual([202, 'true', []]);
  });

  it.each([
    ['/none', 'unreadable_url'],
    ['/moved', 'unreadable_url'],
    ['/huge', 'too_large'],
  ])('that cannot be had is a fault of the field: %s', async (path, code) => {
    const answer = await submit(pictures + path);
    const body = await answer.text();
    expect([answer.status, (JSON.parse(body) as { errors: object[] }).errors[0]]).toEqual([
      422,
      expect.objectContaining({ pointer: '/input/image/url', code }),
    ]);
    expect(body).not.toContain('secret');
  });

  it('is judged by its content, which nobody gets to see', async () => {
    const answer = await submit(`${pictures}/text`);
    expect(answer.status).toBe(422);
    expect(await answer.text()).not.toContain('secret');
  });

  it.each([
    'http://127.0.0.1:1/a.png',
    'https://169.254.169.254/latest',
    'https://localhost/a.png',
    'http://example.com/a.png',
    'https://user:pw@example.com/',
  ])('is refused where we may not go: %s', async (url) => {
    const answer = await submit(url);
    const problem = (await answer.json()) as Problem;
    expect([answer.status, problem.code]).toEqual([422, 'unsafe-url']);
  });
});
