import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLATFORM_REALM } from '../../src/audit/audit-trail.js';
import { createApi } from '../../src/api-process.js';
import { publicId, uuidOf } from '../../src/common/ids.js';
import { loadConfig } from '../../src/config/config.js';
import { type Company, newCompany, newOperator } from '../support/authorization/company.js';
import { readyModel } from '../support/authorization/ready-model.js';
import { tenantTables } from '../support/authorization/tenant-rows.js';
import { query } from '../support/job-fixtures.js';
import { withoutRowSecurity } from '../support/probes/walls.js';
import { callAs } from '../support/tenant-people.js';

interface Trace {
  readonly action: string;
  readonly actor: string;
  readonly target: string;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
}

let app: NestFastifyApplication;
let operator: Awaited<ReturnType<typeof newOperator>>;
let company: Company;
beforeAll(async () => {
  app = await createApi(loadConfig());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  operator = await newOperator(app);
  company = await newCompany(app, operator, []);
});
afterAll(() => app?.close());

const as = (token: string | null) => (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
  callAs(app, token, method, url, payload);

/** What the log of a tenant tells of models, oldest first. */
async function tracesOf(tenantId: string): Promise<Trace[]> {
  return query<Trace>(
    `select action, actor_id as actor, target_id as target, before, after from maru.audit_events
      where tenant_id = $1 and action like 'model%' order by id`,
    [tenantId],
  );
}

describe('changes of models in the audit log', () => {
  it('name who uploaded, promoted, rolled back and retired what', async () => {
    const owner = company.owner.token;
    const by = publicId('member', company.owner.memberId!);
    const first = await readyModel(app, '/v1/models', owner, 'traced');
    const second = await readyModel(app, '/v1/models', owner, 'traced');
    const call = as(owner);
    const at = '/v1/analyzers/traced/aliases';
    expect((await call('PUT', `${at}/stable`, { modelId: first })).status).toBe(200);
    expect((await call('PUT', `${at}/stable`, { modelId: second })).status).toBe(200);
    expect((await call('PUT', `${at}/canary`, { modelId: first, percent: 5 })).status).toBe(200);
    expect((await call('DELETE', `${at}/canary`)).status).toBe(204);
    expect((await call('POST', `${at}/stable/rollback`)).status).toBe(200);
    expect((await call('DELETE', `/v1/models/${second}`)).status).toBe(204);
    expect((await call('DELETE', `/v1/models/${second}`)).status).toBe(204); // once more: nothing changes

    const traces = await tracesOf(company.tenantId);
    expect(new Set(traces.map(({ actor }) => actor))).toEqual(new Set([by]));
    const pointer = (model: string, revision: number, percent = 100) => ({ model, percent, revision });
    const uploaded = (version: string) => expect.objectContaining({ name: 'traced', version, runtime: 'onnx' });
    expect(traces.map(({ action, target, before, after }) => [action, target, before, after])).toEqual([
      ['model.uploaded', first, null, uploaded('1')],
      ['model.uploaded', second, null, uploaded('2')],
      ['model_alias.pointed', 'traced/stable', null, pointer(first, 1)],
      ['model_alias.pointed', 'traced/stable', pointer(first, 1), pointer(second, 2)],
      ['model_alias.pointed', 'traced/canary', null, pointer(first, 1, 5)],
      ['model_alias.removed', 'traced/canary', pointer(first, 1, 5), null],
      ['model_alias.rolled_back', 'traced/stable', pointer(second, 2), pointer(first, 3)],
      ['model.retired', second, { status: 'ready' }, { status: 'retired' }],
    ]);
  });

  it('are not told when nothing was changed', async () => {
    const call = as(company.owner.token);
    const before = await tracesOf(company.tenantId);
    const unknown = publicId('model', '01890000-0000-7000-8000-000000000000');
    expect((await call('PUT', '/v1/analyzers/traced/aliases/stable', { modelId: unknown })).status).toBe(422);
    expect((await call('DELETE', '/v1/analyzers/traced/aliases/canary')).status).toBe(404);
    expect((await call('DELETE', `/v1/models/${unknown}`)).status).toBe(404);
    expect(await tracesOf(company.tenantId)).toEqual(before);
  });

  it('of the operators stand in the log of the platform', async () => {
    const call = as(operator.token);
    const id = await readyModel(app, '/v1/admin/models', operator.token, 'given-out');
    expect((await call('PATCH', `/v1/admin/models/${id}`, { maxBatch: 8, tenants: [company.id] })).status).toBe(200);
    expect((await call('PATCH', `/v1/admin/models/${id}`, { maxBatch: 9_999 })).status).toBe(422);
    expect((await call('PATCH', `/v1/admin/models/${id}`, { tenants: [], maxBatch: 99 })).status).toBe(422);
    const traces = await tracesOf(PLATFORM_REALM);
    expect(traces.map(({ action, actor, target, before, after }) => [action, actor, target, before, after])).toEqual([
      ['model.uploaded', publicId('operator', operator.id), id, null, expect.objectContaining({ name: 'given-out' })],
      [
        'model.changed',
        publicId('operator', operator.id),
        id,
        { maxBatch: 16, tenants: [] },
        { maxBatch: 8, tenants: [company.id] },
      ],
    ]);
    const [{ shares }] = (await query<{ shares: number }>(
      'select count(*)::int as shares from maru.model_grants where model_id = $1',
      [uuidOf('model', id)],
    )) as [{ shares: number }];
    expect(shares).toBe(1); // a change that was refused by half changed nothing
  });
});

describe('a model of the operators', () => {
  it('is seen by those that it is shared with, by the filters of the statements alone too', async () => {
    const id = await readyModel(app, '/v1/admin/models', operator.token, 'kept-back');
    const stranger = await newCompany(app, operator, []);
    const guest = await newCompany(app, operator, []);
    await as(operator.token)('PATCH', `/v1/admin/models/${id}`, { tenants: [guest.id] });
    const answers = async ({ owner }: Company) => [
      (await callAs(app, owner.token, 'GET', `/v1/models/${id}`)).status,
      JSON.stringify((await callAs(app, owner.token, 'GET', '/v1/models')).body).includes(id),
      (await as(owner.token)('PUT', '/v1/analyzers/kept-back/aliases/stable', { modelId: id })).status,
    ];
    for (const walls of ['both', 'filters']) {
      const look = async () => [await answers(stranger), await answers(guest)];
      const seen = walls === 'both' ? await look() : await withoutRowSecurity(await tenantTables(), look);
      expect([walls, ...seen]).toEqual([walls, [404, false, 422], [200, true, 200]]);
    }
  });
});
