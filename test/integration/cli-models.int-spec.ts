import fs from 'node:fs';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api-process.js';
import { publicId } from '../../src/common/ids.js';
import { loadConfig } from '../../src/config/config.js';
import { type ApiTenant, apiTenant } from '../support/api-tenant.js';
import { query } from '../support/job-fixtures.js';
import { maru, printed } from '../support/maru-command.js';
import { modelWorker } from '../support/model-apps.js';
import { scaling, tensorManifest } from '../support/model-uploads.js';
import { until } from '../support/signals.js';

let api: NestFastifyApplication;
let worker: TestingModule;
let one: ApiTenant;
let two: ApiTenant;
let [manifest, weights] = ['', ''];
beforeAll(async () => {
  api = await createApi(loadConfig());
  await api.listen({ port: 0, host: '127.0.0.1' });
  worker = await modelWorker();
  [one, two] = [await apiTenant(api), await apiTenant(api)];
  const folder = fs.mkdtempSync(path.join(process.env.DATA_DIR!, 'given-'));
  [manifest, weights] = [path.join(folder, 'manifest.json'), path.join(folder, 'model.onnx')];
  fs.writeFileSync(manifest, JSON.stringify(tensorManifest('cli-scale')));
  fs.writeFileSync(weights, scaling(3));
});
afterAll(async () => {
  await worker?.close();
  await api?.close();
});

const as = ({ apiKey }: ApiTenant, method: 'GET' | 'PUT', url: string, payload?: object) =>
  api.inject({ method, url, headers: { authorization: `Bearer ${apiKey}` }, ...(payload ? { payload } : {}) });

describe('maru model', () => {
  it('takes in a model, shares it with chosen tenants, and takes it back', async () => {
    const uploaded = printed(await maru('model', 'upload', manifest, weights));
    expect(uploaded).toMatchObject({ name: 'cli-scale', status: 'admitting', tenantId: null, tenants: [] });
    const id = String(uploaded['id']);
    const checked = await until(
      async () => {
        const model = printed(await maru('model', 'show', id));
        return model['status'] === 'admitting' ? null : model;
      },
      { timeoutMs: 60_000, intervalMs: 200 },
    );
    expect(checked).toMatchObject({ status: 'ready', visibility: 'shared', maxBatch: 16 });
    const unknown = { code: 'not-found' };
    expect((await as(one, 'GET', `/v1/models/${id}`)).json()).toMatchObject(unknown);

    const [first, second] = [publicId('tenant', one.id), publicId('tenant', two.id)];
    expect(printed(await maru('model', 'share', id, one.slug))['tenants']).toEqual([first]);
    const both = printed(await maru('model', 'share', id, `${second},${one.slug}`));
    expect(new Set(both['tenants'] as string[])).toEqual(new Set([first, second]));
    expect((await as(two, 'GET', `/v1/models/${id}`)).json()).toMatchObject({ id, visibility: 'shared' });
    const stable = await as(one, 'PUT', '/v1/analyzers/cli-scale/aliases/stable', { modelId: id });
    expect(stable.statusCode).toBe(200);

    const refused = await maru('model', 'unshare', id, `${one.slug},${two.slug}`);
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.error).toMatch(/^\/tenants 1 tenants that would lose it have an analyzer that points at it\n$/);
    expect(printed(await maru('model', 'unshare', id, two.slug))).toMatchObject({
      tenants: [first],
      servedTo: [first],
    });
    expect((await as(two, 'GET', `/v1/models/${id}`)).json()).toMatchObject(unknown);
    expect(printed(await maru('model', 'set', id, '--max-batch', '4'))['maxBatch']).toBe(4);

    const [row] = JSON.parse((await maru('model', 'list')).out) as { id: string; memoryBytes: object }[];
    expect(row).toMatchObject({ id, tenants: [first], memoryBytes: { 'onnx/cpu/CPU': expect.any(Number) } });
    const table = (await maru('model', 'list', '--table')).out;
    expect(table).toMatch(/^id +name +version +runtime +status +owner +tenants +servedTo +maxBatch\n/);
    expect(table).toMatch(new RegExp(`^${id} +cli-scale +1 +onnx +ready +operators +${first} +${first} +4$`, 'm'));
    const trail = await query<{ action: string; actor: string }>(
      `select action, actor_type as actor from maru.audit_events where target_type = 'model' and actor_type = 'system' order by id`,
    );
    const [upload, ...changes] = trail;
    expect(upload).toEqual({ action: 'model.uploaded', actor: 'system' });
    expect(changes).toEqual(Array(4).fill({ action: 'model.changed', actor: 'system' }));
  });

  it('says what is wrong in one line', async () => {
    const nowhere = 'mdl_01m8323e5rf42rbk4qyzd4e5r5';
    const broken = path.join(path.dirname(manifest), 'broken.json');
    fs.writeFileSync(broken, '{');
    for (const [words, message] of [
      [['show', 'cli-scale'], /"cli-scale" is no id of a model/],
      [['show', nowhere], /There is nothing at this address/],
      [['share', nowhere, 'nobody'], /There is no tenant "nobody"/],
      [['share', nowhere, ','], /Name one tenant or more/],
      [['share', nowhere, one.slug], /There is nothing/],
      [['set', nowhere, '--max-batch', '0'], /--max-batch must not be less than 1/],
      [['upload', '/nowhere.json', weights], /"\/nowhere.json" is no file that can be read/],
      [['upload', manifest, path.dirname(weights)], /is no file that can be read/],
      [['upload', broken, weights], /is not JSON/],
      [['upload', manifest, manifest], /model.onnx is named in the manifest and was not sent/],
      [['upload', manifest, weights, weights], /is given twice/],
    ] as const) {
      const { code, error, out } = await maru('model', ...words);
      expect([words, code, out]).toEqual([words, 1, '']);
      expect(error).toMatch(message);
      expect(error.trimEnd().split('\n')).toHaveLength(1);
    }
    expect(fs.readdirSync(path.join(process.env.DATA_DIR!, 'models', 'incoming'))).toEqual([]);
  });
});
