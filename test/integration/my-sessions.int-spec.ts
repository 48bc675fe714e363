import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeys } from '../../src/auth/api-keys.service.js';
import { authApp, newOperator, PASSWORD, signIn, tenantWithMember } from '../support/auth-app.js';
import { auditedActions, callAs, newPerson, newTenant } from '../support/tenant-people.js';

interface SessionBody {
  readonly id: string;
  readonly current: boolean;
  readonly kind: string;
}

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app.close());

const list = async (token: string) =>
  (await callAs<{ data: SessionBody[]; nextPageToken: string | null }>(app, token, 'GET', '/v1/me/sessions')).body.data;
const status = async (token: string) => (await callAs(app, token, 'GET', '/v1/me')).status;

describe('one’s own sessions', () => {
  it('are listed with where they were opened, newest first', async () => {
    const member = await tenantWithMember(app);
    const { accessToken } = await signIn(app, member);
    await app.inject({
      method: 'POST',
      url: '/v1/auth/login',
      remoteAddress: '203.0.113.9',
      headers: { host: '127.0.0.1:3000', 'user-agent': `Browser/1 ${'x'.repeat(500)}` },
      payload: { tenant: member.slug, email: member.email, password: PASSWORD, session: 'cookie' },
    });
    const sessions = await list(accessToken);
    expect(sessions).toMatchObject([
      { object: 'session', kind: 'cookie', current: false, address: '203.0.113.9' },
      { object: 'session', kind: 'refresh', current: true, address: '127.0.0.1' },
    ]);
    expect((sessions[0] as SessionBody & { userAgent: string }).userAgent).toMatch(/^Browser\/1 x{190}$/);
    expect(sessions.every(({ id }) => id.startsWith('ses_'))).toBe(true);
  });

  it('are ended one by one, at once, and only by their owner', async () => {
    const member = await tenantWithMember(app);
    const [here, there] = [await signIn(app, member), await signIn(app, member)];
    const [newest] = await list(here.accessToken);
    const stranger = await newPerson(app, member.tenantId, 'owner');
    const foreigner = await newPerson(app, await newTenant(app), 'owner');
    const end = (token: string, id: string) => callAs(app, token, 'DELETE', `/v1/me/sessions/${id}`);
    for (const token of [stranger.token, foreigner.token]) expect((await end(token, newest!.id)).status).toBe(404);
    for (const id of ['ses_x', newest!.id.replace('ses', 'mem')])
      expect((await end(here.accessToken, id)).status).toBe(404);
    expect(await status(there.accessToken)).toBe(200);
    expect((await end(here.accessToken, newest!.id)).status).toBe(204);
    expect(await status(there.accessToken)).toBe(401);
    const again = await callAs(app, null, 'POST', '/v1/auth/refresh', { refreshToken: there.refreshToken });
    expect(again.status).toBe(401);
    expect((await end(here.accessToken, newest!.id)).status).toBe(404);
    expect(await status(here.accessToken)).toBe(200);
    expect(await auditedActions(app, member.tenantId)).toEqual(['session.ended']);
  });

  it('are ended everywhere else with one call', async () => {
    for (const who of [await tenantWithMember(app), await newOperator(app)]) {
      const tokens = [];
      for (let i = 0; i < 3; i++) tokens.push((await signIn(app, who)).accessToken);
      expect((await callAs(app, tokens[1]!, 'DELETE', '/v1/me/sessions')).status).toBe(204);
      expect(await Promise.all(tokens.map(status))).toEqual([401, 200, 401]);
      expect(await list(tokens[1]!)).toMatchObject([{ current: true }]);
    }
  });

  it('are none of an API key’s', async () => {
    const { key } = await app
      .get(ApiKeys, { strict: false })
      .issue(await newTenant(app), { name: 'k', scopes: ['jobs:read'] });
    for (const [method, url] of [
      ['GET', '/v1/me/sessions'],
      ['DELETE', '/v1/me/sessions'],
      ['GET', '/v1/me/second-factor'],
    ] as const) {
      expect(await callAs(app, key, method, url)).toMatchObject({ status: 403, body: { code: 'insufficient-scope' } });
    }
  });
});
