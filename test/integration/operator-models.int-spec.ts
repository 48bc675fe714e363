import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Operators } from '../../src/auth/operators.service.js';
import { publicId } from '../../src/common/ids.js';
import { createApi } from '../../src/api-process.js';
import { loadConfig } from '../../src/config/config.js';
import { type ApiTenant, apiTenant } from '../support/api-tenant.js';
import { modelWorker } from '../support/model-apps.js';
import { scaling, tensorManifest } from '../support/model-uploads.js';

type Json = Record<string, unknown>;
const INPUT = { inputs: { x: { shape: [1, 2], data: [1, 10] } } };

describe('models of the operators, through the whole API', () => {
  let api: NestFastifyApplication;
  let worker: TestingModule;
  let baseUrl: string;
  let operator: string;
  let one: ApiTenant;
  let two: ApiTenant;

  const send = async (token: string, method: string, path: string, body?: unknown) => {
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (body !== undefined && !(body instanceof FormData)) headers['content-type'] = 'application/json';
    const sent = body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) };
    const response = await fetch(`${baseUrl}${path}`, { method, headers, ...sent });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : {}) as Json };
  };
  const upload = (token: string, path: string, slug: string) => {
    const form = new FormData();
    form.set('manifest', JSON.stringify(tensorManifest(slug)));
    form.set('file', new Blob([new Uint8Array(scaling(4))]), 'model.onnx');
    return send(token, 'POST', path, form);
  };

  beforeAll(async () => {
    api = await createApi(loadConfig());
    await api.listen({ port: 0, host: '127.0.0.1' });
    baseUrl = await api.getUrl();
    worker = await modelWorker();
    [one, two] = [await apiTenant(api), await apiTenant(api)];
    const login = { email: 'ops@maru.example', password: 'correct horse battery staple' };
    await api.get(Operators, { strict: false }).create({ ...login, name: 'Ops' });
    const { body } = await send('', 'POST', '/v1/auth/login', login);
    operator = String(body['accessToken']);
  });
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  it('serve the tenants that they are shared with, and no others', async () => {
    const uploaded = await upload(operator, '/v1/admin/models', 'shared-scale');
    expect([uploaded.status, uploaded.body['tenantId'], uploaded.body['visibility']]).toEqual([202, null, 'shared']);
    const id = String(uploaded.body['id']);
    const read = async () => (await send(operator, 'GET', '/v1/admin/models')).body['data'] as Json[];
    let model: Json | undefined;
    for (let i = 0; i < 300 && model?.['status'] !== 'ready'; i++) {
      model = (await read()).find((m) => m['id'] === id);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(model).toMatchObject({ status: 'ready', tenants: [], servedTo: [] });

    expect((await send(one.apiKey, 'GET', `/v1/models/${id}`)).status).toBe(404);
    const shared = await send(operator, 'PATCH', `/v1/admin/models/${id}`, { tenants: [publicId('tenant', one.id)] });
    expect(shared).toMatchObject({ status: 200, body: { tenants: [publicId('tenant', one.id)] } });
    expect((await send(one.apiKey, 'GET', `/v1/models/${id}`)).body['visibility']).toBe('shared');
    expect((await send(two.apiKey, 'GET', `/v1/models/${id}`)).status).toBe(404);
    const point = (tenant: ApiTenant) =>
      send(tenant.apiKey, 'PUT', '/v1/analyzers/shared-scale/aliases/stable', { modelId: id });
    expect([(await point(one)).status, (await point(two)).status]).toEqual([200, 422]);
    expect((await send(one.apiKey, 'DELETE', `/v1/models/${id}`)).status).toBe(404);

    let job: Json = {};
    for (let i = 0; i < 50 && job['status'] !== 'succeeded'; i++) {
      job = (await send(one.apiKey, 'POST', '/v1/jobs', { analyzer: 'shared-scale', input: INPUT })).body;
      job = (await send(one.apiKey, 'GET', `/v1/jobs/${String(job['id'])}?wait=10`)).body;
    }
    expect(job).toMatchObject({ status: 'succeeded', result: { data: { outputs: { y: { data: [4, 40] } } } } });
    const revoked = await send(operator, 'PATCH', `/v1/admin/models/${id}`, { tenants: [] });
    expect([revoked.status, revoked.body['errors']]).toMatchObject([422, [{ pointer: '/tenants', code: 'in_use' }]]);
    expect((await send(operator, 'PATCH', `/v1/admin/models/${id}`, { maxBatch: 4 })).body['maxBatch']).toBe(4);
    expect((await send(operator, 'PATCH', `/v1/admin/models/${id}`, { maxBatch: 64 })).status).toBe(422);
  });

  it('are guarded by their scopes', async () => {
    expect((await send(one.apiKey, 'GET', '/v1/admin/models')).status).toBe(403);
    expect((await upload(one.apiKey, '/v1/admin/models', 'x-y-z')).status).toBe(403);
    expect((await upload('nobody', '/v1/models', 'x-y-z')).status).toBe(401);
    expect((await send(operator, 'GET', '/v1/models')).status).toBe(403);
    const own = await upload(one.apiKey, '/v1/models', 'own-scale');
    expect(own.status).toBe(202);
    const change = await send(operator, 'PATCH', `/v1/admin/models/${String(own.body['id'])}`, { tenants: [] });
    expect([change.status, change.body['errors']]).toMatchObject([422, [{ code: 'not_allowed' }]]);
    const begun = await send(one.apiKey, 'POST', '/v1/uploads', { purpose: 'model', name: 'm.onnx', bytes: 3 });
    const put = await fetch(`${baseUrl}${String(begun.body['uploadUrl'])}`, {
      method: 'PUT',
      body: 'abc',
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(put.status).toBe(204);
    expect((await send(one.apiKey, 'POST', `/v1/uploads/${String(begun.body['id'])}/complete`)).status).toBe(200);
  });
});
