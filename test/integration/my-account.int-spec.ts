import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeys } from '../../src/auth/api-keys.service.js';
import { authApp, newOperator, PASSWORD, signIn, tenantWithMember } from '../support/auth-app.js';
import { auditedActions, callAs, newPerson, newTenant } from '../support/tenant-people.js';

const NEW_PASSWORD = 'seven lamps above the quay';
let app: NestFastifyApplication;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app.close());

const patch = (token: string, payload: object) => callAs(app, token, 'PATCH', '/v1/me', payload);
const status = async (token: string) => (await callAs(app, token, 'GET', '/v1/me')).status;

describe('PATCH /v1/me', () => {
  it('keeps preferences, merges them, and takes back what is null', async () => {
    const person = await newPerson(app, await newTenant(app), 'viewer');
    const views = [{ name: 'Failed', query: 'status=failed' }];
    const first = await patch(person.token, {
      name: ' 김미나 ',
      preferences: { mode: 'dark', timeZone: 'Asia/Seoul' },
    });
    expect(first).toMatchObject({
      status: 200,
      body: { name: '김미나', preferences: { mode: 'dark', timeZone: 'Asia/Seoul' } },
    });
    const second = await patch(person.token, { preferences: { mode: null, locale: 'ko', savedViews: views } });
    expect(second.body.preferences).toEqual({ timeZone: 'Asia/Seoul', locale: 'ko', savedViews: views });
    expect((await person.call('GET', '/v1/me')).body).toEqual(second.body);
  });

  it.each([
    [{ preferences: { mode: 'blue' } }, '/preferences/mode'],
    [{ preferences: { timeZone: 'Mars/Olympus' } }, '/preferences/timeZone'],
    [{ preferences: { locale: 'korean' } }, '/preferences/locale'],
    [{ preferences: { savedViews: [{ name: '', query: '' }] } }, '/preferences/savedViews/0/name'],
    [{ preferences: { unknown: 1 } }, '/preferences/unknown'],
    [{ name: ' ' }, '/name'],
    [{ role: 'owner' }, '/role'],
    [{ email: 'x@y.z' }, '/email'],
    [{ password: NEW_PASSWORD }, '/currentPassword'],
  ])('refuses %j', async (body, pointer) => {
    const person = await newPerson(app, await newTenant(app), 'viewer');
    expect(await patch(person.token, body)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  it('is for people: an API key has no account', async () => {
    const tenantId = await newTenant(app);
    const { key } = await app.get(ApiKeys, { strict: false }).issue(tenantId, { name: 'k', scopes: ['jobs:read'] });
    expect(await patch(key, { name: 'x' })).toMatchObject({ status: 403, body: { code: 'insufficient-scope' } });
  });

  it('changes the password of a member and ends every other session', async () => {
    const member = await tenantWithMember(app, 'developer');
    const [here, elsewhere] = [await signIn(app, member), await signIn(app, member)];
    const wrong = await patch(here.accessToken, { password: NEW_PASSWORD, currentPassword: 'wrong' });
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ pointer: '/currentPassword' }] } });
    const weak = await patch(here.accessToken, { password: 'developer-1', currentPassword: PASSWORD });
    expect(weak).toMatchObject({ status: 422, body: { errors: [{ pointer: '/password' }] } });
    expect((await patch(here.accessToken, { password: NEW_PASSWORD, currentPassword: PASSWORD })).status).toBe(200);

    expect([await status(here.accessToken), await status(elsewhere.accessToken)]).toEqual([401, 401]);
    const refresh = (refreshToken: string) => callAs(app, null, 'POST', '/v1/auth/refresh', { refreshToken });
    expect((await refresh(elsewhere.refreshToken)).status).toBe(401);
    const renewed = await refresh(here.refreshToken);
    expect(renewed.status).toBe(200);
    expect(await status(renewed.body.accessToken as string)).toBe(200);
    const login = { tenant: member.slug, email: member.email };
    expect((await callAs(app, null, 'POST', '/v1/auth/login', { ...login, password: PASSWORD })).status).toBe(401);
    expect((await callAs(app, null, 'POST', '/v1/auth/login', { ...login, password: NEW_PASSWORD })).status).toBe(200);
    expect(await auditedActions(app, member.tenantId)).toEqual(['account.password_changed']);
  });

  it('lets nobody guess the current password without end', async () => {
    const member = await tenantWithMember(app, 'viewer');
    const { accessToken } = await signIn(app, member);
    const guess = (currentPassword: string) => patch(accessToken, { password: NEW_PASSWORD, currentPassword });
    for (let i = 0; i < 5; i++) expect((await guess('wrong')).status).toBe(422);
    const blocked = await guess(PASSWORD);
    expect(blocked).toMatchObject({ status: 429, body: { 'violated-policies': ['login'] } });
    expect(await status(accessToken)).toBe(200);
  });

  it('works for operators alike', async () => {
    const operator = await newOperator(app);
    const [here, elsewhere] = [await signIn(app, operator), await signIn(app, operator)];
    const change = { name: 'Chief', password: NEW_PASSWORD, currentPassword: PASSWORD, preferences: { mode: 'light' } };
    expect(await patch(here.accessToken, change)).toMatchObject({
      status: 200,
      body: { name: 'Chief', object: 'operator', preferences: { mode: 'light' } },
    });
    expect([await status(here.accessToken), await status(elsewhere.accessToken)]).toEqual([401, 401]);
    const refresh = (refreshToken: string) => callAs(app, null, 'POST', '/v1/auth/refresh', { refreshToken });
    expect((await refresh(elsewhere.refreshToken)).status).toBe(401);
    expect((await refresh(here.refreshToken)).status).toBe(200);
  });
});
