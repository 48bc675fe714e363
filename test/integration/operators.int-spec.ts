import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlatformPool } from '../../src/database/role-pool.js';
import { authApp, newOperator, PASSWORD, signIn } from '../support/auth-app.js';
import { callAs, newPerson, newTenant } from '../support/tenant-people.js';

const NEW_PASSWORD = 'seven lamps above the quay';

interface OperatorBody {
  readonly id: string;
  readonly email: string;
  readonly status: string;
}

let app: NestFastifyApplication;
let boss: { email: string; token: string };
beforeAll(async () => {
  app = await authApp();
  const { email } = await newOperator(app);
  boss = { email, token: (await signIn(app, { email })).accessToken };
});
afterAll(() => app.close());

const call = <T = Record<string, unknown>>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  tail: string,
  payload?: object,
) => callAs<T>(app, boss.token, method, `/v1/admin/operators${tail}`, payload);
const create = (email: string, password = NEW_PASSWORD) =>
  call<OperatorBody>('POST', '', { email, name: 'Jun Park', password });
const login = (email: string, password: string) => callAs(app, null, 'POST', '/v1/auth/login', { email, password });

describe('operators', () => {
  it('are created by operators, and sign in at once', async () => {
    const made = await create(' Jun@Maru.Example ');
    expect(made).toMatchObject({
      status: 201,
      body: { object: 'operator', email: 'jun@maru.example', status: 'active' },
    });
    expect(await create('jun@maru.example')).toMatchObject({ status: 409, body: { code: 'already-exists' } });
    expect(await create('x@maru.example', 'Password1')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/password' }] },
    });
    expect((await login('jun@maru.example', NEW_PASSWORD)).status).toBe(200);
    const list = await call<{ data: OperatorBody[] }>('GET', '?limit=1');
    expect(list.body).toMatchObject({ data: [{ email: boss.email }], hasMore: true });
  });

  it('are none of a tenant’s business', async () => {
    const owner = await newPerson(app, await newTenant(app), 'owner');
    const { body } = await create('far@maru.example');
    for (const [method, tail, payload] of [
      ['GET', '', undefined],
      ['POST', '', { email: 'a@b.c', name: 'A', password: NEW_PASSWORD }],
      ['PATCH', `/${body.id}`, { name: 'X' }],
      ['DELETE', `/${body.id}`, undefined],
      ['DELETE', `/${body.id}/second-factor`, undefined],
    ] as const) {
      expect((await owner.call(method, `/v1/admin/operators${tail}`, payload)).status).toBe(403);
      expect((await callAs(app, null, method, `/v1/admin/operators${tail}`, payload)).status).toBe(401);
    }
  });

  it('are disabled, get a new password, and are removed, each of which ends their sessions', async () => {
    const { id } = (await create('kim@maru.example')).body;
    const token = async (password: string) => (await login('kim@maru.example', password)).body.accessToken as string;
    const first = await token(NEW_PASSWORD);
    expect((await call('PATCH', `/${id}`, { status: 'disabled' })).body).toMatchObject({ status: 'disabled' });
    expect((await callAs(app, first, 'GET', '/v1/me')).status).toBe(401);
    expect((await login('kim@maru.example', NEW_PASSWORD)).status).toBe(401);
    expect((await call('PATCH', `/${id}`, { status: 'active', password: PASSWORD })).status).toBe(200);
    const second = await token(PASSWORD);
    expect((await callAs(app, second, 'GET', '/v1/me')).status).toBe(200);
    expect((await callAs(app, first, 'GET', '/v1/me')).status).toBe(401);
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await callAs(app, second, 'GET', '/v1/me')).status).toBe(401);
    for (const [method, payload] of [
      ['PATCH', { name: 'X' }],
      ['DELETE', undefined],
    ] as const) {
      expect((await call(method, `/${id}`, payload)).status).toBe(404);
    }
    const { rows } = await app
      .get(PlatformPool, { strict: false })
      .query<{ action: string }>(`select action from maru.audit_events where target_id = $1 order by id`, [id]);
    expect(rows.map((row) => row.action)).toEqual([
      'operator.created',
      'operator.changed',
      'operator.changed',
      'operator.password_reset',
      'operator.removed',
    ]);
  });

  it('leave one at least', async () => {
    const { body } = await call<{ data: OperatorBody[] }>('GET', '?limit=200');
    const others = body.data.filter(({ email, status }) => email !== boss.email && status === 'active');
    for (const { id } of others) expect((await call('DELETE', `/${id}`)).status).toBe(204);
    const me = body.data.find(({ email }) => email === boss.email)!.id;
    const last = { status: 409, body: { code: 'invalid-state-transition', currentStatus: 'last_operator' } };
    expect(await call('DELETE', `/${me}`)).toMatchObject(last);
    expect(await call('PATCH', `/${me}`, { status: 'disabled' })).toMatchObject(last);
    const ids = [me];
    for (let i = 0; i < 3; i++) ids.push((await create(`race${i}@maru.example`)).body.id);
    const answers = await Promise.all(ids.map((id) => call('DELETE', `/${id}`)));
    expect(answers.filter((a) => a.status === 204).length).toBeLessThanOrEqual(3);
    const { rows } = await app
      .get(PlatformPool, { strict: false })
      .query(`select from maru.operators where status = 'active'`);
    expect(rows.length).toBeGreaterThanOrEqual(1);
  });
});
