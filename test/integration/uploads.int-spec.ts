import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidOf } from '../../src/common/ids.js';
import { UploadExpiry } from '../../src/uploads/upload-expiry.js';
import { UploadExpiryModule } from '../../src/uploads/upload-expiry.module.js';
import { databaseModule } from '../support/database-module.js';
import { query } from '../support/job-fixtures.js';
import { storedTenant } from '../support/jobs-http.js';
import { modelApi } from '../support/model-apps.js';
import { ModelsClient } from '../support/model-uploads.js';

const CONTENT = randomBytes(300_000);
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

describe('an upload in parts', () => {
  let api: NestFastifyApplication;
  let baseUrl: string;
  let tenant: ModelsClient;

  const begin = async (changes: Record<string, unknown> = {}, headers: Record<string, string> = {}) => {
    const body = { purpose: 'model', name: 'model.onnx', bytes: CONTENT.length, sha256: SHA256, ...changes };
    return tenant.send('POST', '/v1/uploads', body, headers);
  };
  const put = (url: unknown, from: number, to: number, of = CONTENT) =>
    tenant.put(String(url), of.subarray(from, to), { 'content-range': `bytes ${from}-${to - 1}/${of.length}` });
  const received = async (id: unknown) => (await tenant.send('GET', `/v1/uploads/${String(id)}`)).body['receivedBytes'];

  beforeAll(async () => {
    api = await modelApi();
    baseUrl = await api.getUrl();
    tenant = new ModelsClient(baseUrl, await storedTenant());
  });
  afterAll(() => api?.close());

  it('becomes a file when all of it is there', async () => {
    const { status, body } = await begin();
    expect([status, body['status'], body['receivedBytes']]).toEqual([201, 'receiving', 0]);
    expect((await put(body['uploadUrl'], 0, 100_000)).status).toBe(204);
    expect(await received(body['id'])).toBe(100_000);
    const early = await tenant.send('POST', `/v1/uploads/${String(body['id'])}/complete`);
    expect([early.status, early.body['currentStatus']]).toEqual([409, 'receiving']);
    expect((await put(body['uploadUrl'], 100_000, 300_000)).status).toBe(204);
    const done = await tenant.send('POST', `/v1/uploads/${String(body['id'])}/complete`);
    expect(done).toMatchObject({
      status: 200,
      body: { id: body['id'], purpose: 'model', bytes: 300_000, sha256: SHA256 },
    });
    const again = await tenant.send('POST', `/v1/uploads/${String(body['id'])}/complete`);
    expect([again.status, again.body['id']]).toEqual([200, body['id']]);
    const late = await put(body['uploadUrl'], 0, 10);
    expect([late.status, late.body['code']]).toEqual([409, 'invalid-state-transition']);
    expect(
      fs.existsSync(
        path.join(process.env['DATA_DIR'] ?? '', 'uploads', tenant.tenantId, uuidOf('file', String(body['id'])) ?? ''),
      ),
    ).toBe(false);
  });

  it('goes on after a line that broke', async () => {
    const { body } = await begin();
    const request = http.request(`${baseUrl}${String(body['uploadUrl'])}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${tenant.tenantId}`,
        'content-type': 'application/octet-stream',
        'content-length': CONTENT.length,
      },
    });
    request.on('error', () => undefined);
    request.write(CONTENT.subarray(0, 120_000));
    for (let i = 0; i < 200 && Number(await received(body['id'])) === 0; i++) await pause();
    request.destroy();
    // Until the server has noticed, another part is refused; what it has by then is where the sender goes on.
    let status = 0;
    for (let i = 0; i < 200 && status !== 204; i++) {
      const here = Number(await received(body['id']));
      expect(here).toBeLessThanOrEqual(120_000);
      ({ status } = await put(body['uploadUrl'], here, CONTENT.length));
      if (status !== 204) await pause();
    }
    expect(status).toBe(204);
    const done = await tenant.send('POST', `/v1/uploads/${String(body['id'])}/complete`);
    expect([done.status, done.body['sha256']]).toEqual([200, SHA256]);
  });

  it('takes no gap, no overlap, no part beyond its end, and no range that is none', async () => {
    const { body } = await begin();
    await put(body['uploadUrl'], 0, 10);
    for (const [from, to] of [
      [20, 30],
      [0, 10],
    ] as const) {
      const refused = await put(body['uploadUrl'], from, to);
      expect([refused.status, refused.body['code'], refused.body['receivedBytes']]).toEqual([
        409,
        'version-conflict',
        10,
      ]);
    }
    for (const range of [
      `bytes 10-${CONTENT.length}/${CONTENT.length}`,
      'bytes 10-19/20',
      'bytes 19-10/*',
      'lines 1-2/3',
    ]) {
      const refused = await tenant.put(String(body['uploadUrl']), CONTENT.subarray(10, 20), { 'content-range': range });
      expect([range, refused.status]).toEqual([range, 400]);
    }
    const long = await tenant.put(String(body['uploadUrl']), CONTENT.subarray(10, 30), {
      'content-range': `bytes 10-19/${CONTENT.length}`,
    });
    expect(long.status).toBe(413);
    expect(Number(await received(body['id']))).toBeLessThanOrEqual(20);
  });

  it('is refused when its content is another one, and can be sent again', async () => {
    const { body } = await begin();
    const other = randomBytes(CONTENT.length);
    await put(body['uploadUrl'], 0, other.length, other);
    const refused = await tenant.send('POST', `/v1/uploads/${String(body['id'])}/complete`);
    expect([refused.status, refused.body['errors']]).toMatchObject([422, [{ code: 'digest_mismatch' }]]);
    await put(body['uploadUrl'], 0, CONTENT.length);
    expect((await tenant.send('POST', `/v1/uploads/${String(body['id'])}/complete`)).status).toBe(200);
  });

  it('is one tenant’s, and its address is signed', async () => {
    const { body } = await begin();
    const other = new ModelsClient(baseUrl, await storedTenant());
    expect((await other.send('GET', `/v1/uploads/${String(body['id'])}`)).status).toBe(404);
    expect((await other.send('POST', `/v1/uploads/${String(body['id'])}/complete`)).status).toBe(404);
    const url = String(body['uploadUrl']);
    for (const forged of [
      url.replace(/signature=.*/, 'signature=AAAA'),
      url.replace(/&signature.*/, ''),
      url.replace(/tenant=[^&]*&/, ''),
    ]) {
      expect((await put(forged, 0, 10)).status).toBe(404);
    }
  });

  it('repeats the first answer for one key, and states its limits', async () => {
    const headers = { 'idempotency-key': 'upload-once' };
    const [first, again, changed] = [
      await begin({}, headers),
      await begin({}, headers),
      await begin({ name: 'b' }, headers),
    ];
    expect([again.status, again.body['id'], changed.status]).toEqual([201, first.body['id'], 422]);
    expect((await begin({ purpose: 'job_input', bytes: 101 * 2 ** 20 })).body['errors']).toMatchObject([
      { pointer: '/bytes' },
    ]);
    expect((await begin({ purpose: 'brand_asset' })).status).toBe(422);
  });

  it('is given up when it was not completed in time', async () => {
    const { body } = await begin();
    const id = uuidOf('file', String(body['id']));
    const module = await databaseModule(UploadExpiryModule);
    try {
      expect(await module.get(UploadExpiry).run()).toEqual({ expired: 0 });
      await query(`update maru.uploads set expires_at = now() - interval '1 s' where id = $1`, [id]);
      expect((await put(body['uploadUrl'], 0, 10)).status).toBe(404);
      expect(await module.get(UploadExpiry).run()).toEqual({ expired: 1 });
      expect(fs.existsSync(path.join(process.env['DATA_DIR'] ?? '', 'uploads', tenant.tenantId, id ?? ''))).toBe(false);
    } finally {
      await module.close();
    }
  });
});
