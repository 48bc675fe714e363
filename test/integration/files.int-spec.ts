import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeys } from '../../src/auth/api-keys.service.js';
import { publicId, uuidOf } from '../../src/common/ids.js';
import { StorageConfig } from '../../src/config/config.js';
import { AuthModule } from '../../src/auth/auth.module.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { FilesApiModule } from '../../src/files/files-api.module.js';
import { StoredFiles } from '../../src/files/stored-files.js';
import { tenantWithMember } from '../support/auth-app.js';
import { httpApp } from '../support/http-app.js';

interface FileBody {
  readonly id: string;
  readonly bytes: number;
}

let app: NestFastifyApplication;
let png: Buffer;
beforeAll(async () => {
  app = await httpApp(AuthModule, FilesApiModule);
  await app.listen({ port: 0, host: '127.0.0.1' });
  png = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#123' } })
    .png()
    .toBuffer();
});
afterAll(() => app.close());

async function newTenant(): Promise<{ tenantId: string; authorization: string }> {
  const { tenantId } = await tenantWithMember(app);
  const scopes = ['files:read', 'files:write'] as const;
  const { key } = await app.get(ApiKeys, { strict: false }).issue(tenantId, { name: 'files', scopes });
  return { tenantId, authorization: `Bearer ${key}` };
}

function upload(authorization: string, content: Buffer, name = 'p.png', fields: Record<string, string> = {}) {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('file', new Blob([new Uint8Array(content)], { type: 'image/png' }), name);
  return app.inject({ method: 'POST', url: '/v1/files', payload: form, headers: { authorization } });
}

const get = (url: string, authorization: string, headers: Record<string, string> = {}) =>
  app.inject({ url, headers: { authorization, ...headers } });
const directoryOf = (tenantId: string) =>
  path.join(app.get(StorageConfig, { strict: false }).dataDir, 'files', tenantId);
const withoutIds = (body: string) => ({ ...(JSON.parse(body) as object), requestId: null, instance: null });

describe('an upload', () => {
  it('is described by its content and comes back as it was', async () => {
    const { authorization } = await newTenant();
    const answer = await upload(authorization, png, '../..\\사진 1.png', { purpose: 'job_input' });
    expect(answer.statusCode).toBe(201);
    const file = answer.json<FileBody>();
    expect(file).toMatchObject({
      object: 'file',
      status: 'ready',
      purpose: 'job_input',
      mimeType: 'image/png',
      bytes: png.length,
      sha256: createHash('sha256').update(png).digest('hex'),
      width: 40,
      height: 30,
      expiresAt: null,
    });
    expect(answer.headers.location).toBe(`/v1/files/${file.id}`);
    expect((await get(`/v1/files/${file.id}`, authorization)).json()).toEqual(file);
    const content = await get(`/v1/files/${file.id}/content`, authorization);
    expect(content.rawPayload.equals(png)).toBe(true);
    expect(content.headers).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-length': String(png.length),
    });
    expect(content.headers['content-disposition']).toMatch(
      /^attachment; filename\*=UTF-8''[^/\\]*%EC%82%AC%EC%A7%84%201\.png$/,
    );
  });

  it('gets its type from its bytes, whatever its name and declared type say', async () => {
    const { authorization } = await newTenant();
    const typeOf = async (content: Buffer) =>
      (await upload(authorization, content)).json<{ mimeType: string }>().mimeType;
    expect(await typeOf(Buffer.from('<script>alert(1)</script>'))).toBe('text/plain');
    expect(await typeOf(Buffer.from('a,b\n1,2\n'))).toBe('text/csv');
    expect(await typeOf(randomBytes(64))).toBe('application/octet-stream');
    expect(await typeOf(png.subarray(0, 12))).toBe('application/octet-stream');
  });

  it('lies under two uuids, survives the process, and is read by the worker side', async () => {
    const { tenantId, authorization } = await newTenant();
    const { id } = (await upload(authorization, png, '../../../etc/passwd')).json<FileBody>();
    const uuid = uuidOf('file', id)!;
    expect(fs.readdirSync(directoryOf(tenantId))).toEqual([uuid]);
    const second = await httpApp(AuthModule, FilesApiModule);
    expect(
      (await second.inject({ url: `/v1/files/${id}/content`, headers: { authorization } })).rawPayload.equals(png),
    ).toBe(true);
    expect((await second.get(StoredFiles, { strict: false }).read(tenantId, uuid))?.equals(png)).toBe(true);
    await second.close();
  });

  it('serves one range of bytes', async () => {
    const { authorization } = await newTenant();
    const { id } = (await upload(authorization, png)).json<FileBody>();
    const part = await get(`/v1/files/${id}/content`, authorization, { range: 'bytes=1-3' });
    expect([part.statusCode, part.payload]).toEqual([206, 'PNG']);
    expect(part.headers['content-range']).toBe(`bytes 1-3/${png.length}`);
    const beyond = await get(`/v1/files/${id}/content`, authorization, { range: `bytes=${png.length}-` });
    expect([beyond.statusCode, beyond.headers['content-range']]).toEqual([416, `bytes */${png.length}`]);
    expect(beyond.json()).toMatchObject({ status: 416, code: 'range-not-satisfiable' });
  });

  it('is refused without a file, with a strange part, or with a purpose that is not for clients', async () => {
    const { tenantId, authorization } = await newTenant();
    const form = new FormData();
    form.set('purpose', 'job_input');
    const none = await app.inject({ method: 'POST', url: '/v1/files', payload: form, headers: { authorization } });
    expect(none.json()).toMatchObject({ status: 422, errors: [{ pointer: '/file', code: 'required' }] });
    for (const fields of [{ purpose: 'job_output' }, { owner: 'me' }]) {
      expect((await upload(authorization, png, 'p.png', fields as never)).statusCode).toBe(422);
    }
    const json = await app.inject({ method: 'POST', url: '/v1/files', payload: {}, headers: { authorization } });
    expect(json.json()).toMatchObject({ status: 415, code: 'unsupported-media-type' });
    expect(fs.existsSync(directoryOf(tenantId))).toBe(false);
  });

  it('of more than 100 MiB is refused, states the limit and leaves nothing behind', async () => {
    const { tenantId, authorization } = await newTenant();
    const chunk = new Uint8Array(2 ** 20);
    async function* body() {
      yield Buffer.from('--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n');
      for (let i = 0; i < 101; i++) yield chunk;
      yield Buffer.from('\r\n--x--\r\n');
    }
    const headers = { authorization, 'content-type': 'multipart/form-data; boundary=x' };
    const init = { method: 'POST', headers, body: ReadableStream.from(body()), duplex: 'half' };
    const answer = await fetch(`${await app.getUrl()}/v1/files`, init as RequestInit);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({
      code: 'payload-too-large',
      detail: expect.stringContaining('100 MiB'),
    });
    expect(fs.existsSync(directoryOf(tenantId))).toBe(false);
    expect(fs.readdirSync(path.join(path.dirname(directoryOf(tenantId)), 'incoming'))).toEqual([]);
  });
});

describe('files of a tenant', () => {
  it('are for that tenant alone: a foreign id answers like an unknown one', async () => {
    const [a, b] = [await newTenant(), await newTenant()];
    const { id } = (await upload(a.authorization, png)).json<FileBody>();
    const unknown = publicId('file', '019a6f3c-8c41-7d0e-9f0b-2f6f0f6f3c55');
    for (const suffix of ['', '/content']) {
      const foreign = await get(`/v1/files/${id}${suffix}`, b.authorization);
      const missing = await get(`/v1/files/${unknown}${suffix}`, b.authorization);
      const malformed = await get(`/v1/files/${id.replace('file_', 'job_')}${suffix}`, b.authorization);
      expect([foreign.statusCode, missing.statusCode, malformed.statusCode]).toEqual([404, 404, 404]);
      expect(withoutIds(foreign.body)).toEqual(withoutIds(missing.body));
      expect(withoutIds(malformed.body)).toEqual(withoutIds(missing.body));
    }
    expect((await get('/v1/files', b.authorization)).json()).toEqual({ data: [], nextPageToken: null, hasMore: false });
  });

  it('are listed newest first, in pages whose tokens are good for nobody else', async () => {
    const [a, b] = [await newTenant(), await newTenant()];
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift((await upload(a.authorization, png)).json<FileBody>().id);
    const seen: string[] = [];
    let token: string | null = '';
    while (token !== null) {
      const url: string = `/v1/files?limit=2${token && `&pageToken=${token}`}`;
      const page = (await get(url, a.authorization)).json<{
        data: FileBody[];
        nextPageToken: string | null;
        hasMore: boolean;
      }>();
      expect(page.hasMore).toBe(page.nextPageToken !== null);
      seen.push(...page.data.map((file) => file.id));
      if (token === '') {
        const stolen = await get(`/v1/files?pageToken=${page.nextPageToken}`, b.authorization);
        expect(stolen.json()).toMatchObject({ status: 400, code: 'invalid-page-token' });
      }
      token = page.nextPageToken;
    }
    expect(seen).toEqual(ids);
    expect((await get('/v1/files?limit=-1', a.authorization)).json()).toMatchObject({ code: 'malformed-request' });
  });

  it('answer 410 once their bytes are gone', async () => {
    const { tenantId, authorization } = await newTenant();
    const { id } = (await upload(authorization, png)).json<FileBody>();
    const text = `update maru.files set status = 'expired' where id = $1`;
    await app.get(TenantDb, { strict: false }).one(tenantId, { text, values: [uuidOf('file', id)] });
    expect((await get(`/v1/files/${id}`, authorization)).json()).toMatchObject({ status: 'expired' });
    expect((await get(`/v1/files/${id}/content`, authorization)).json()).toMatchObject({
      status: 410,
      code: 'result-expired',
    });
  });

  it('need their scopes', async () => {
    const { tenantId } = await newTenant();
    const { key } = await app.get(ApiKeys, { strict: false }).issue(tenantId, { name: 'jobs', scopes: ['jobs:read'] });
    expect((await get('/v1/files', `Bearer ${key}`)).json()).toMatchObject({ status: 403, code: 'insufficient-scope' });
    expect((await upload(`Bearer ${key}`, png)).json()).toMatchObject({ status: 403, code: 'insufficient-scope' });
  });
});
