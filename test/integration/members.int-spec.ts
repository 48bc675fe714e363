import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TenantDb } from '../../src/database/tenant-db.js';
import { authApp } from '../support/auth-app.js';
import { auditedActions, newPerson, newTenant, type Person } from '../support/tenant-people.js';

interface MemberBody {
  readonly id: string;
  readonly role: string;
  readonly status: string;
  readonly link: { readonly url: string };
}

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app.close());

const sql = <R extends object>(tenantId: string, text: string) =>
  app.get(TenantDb, { strict: false }).one<R>(tenantId, { text });
const owners = async (tenantId: string) =>
  (await sql(tenantId, `select from maru.members where role = 'owner' and status = 'active'`)).length;
const invite = (by: Person, email: string, role = 'viewer') =>
  by.call<MemberBody>('POST', '/v1/members', { email, name: 'Mina Kim', role });

describe('members', () => {
  it('are listed page by page, oldest first, to those who may manage them', async () => {
    const tenantId = await newTenant(app);
    const owner = await newPerson(app, tenantId, 'owner');
    for (const role of ['developer', 'analyst', 'viewer'] as const) {
      const person = await newPerson(app, tenantId, role);
      expect(await person.call('GET', '/v1/members')).toMatchObject({
        status: 403,
        body: { code: 'insufficient-scope' },
      });
    }
    const first = await owner.call<{ data: MemberBody[]; nextPageToken: string }>('GET', '/v1/members?limit=3');
    expect(first.body.data.map((m) => m.role)).toEqual(['owner', 'developer', 'analyst']);
    const rest = await owner.call('GET', `/v1/members?limit=3&pageToken=${first.body.nextPageToken}`);
    expect(rest.body).toMatchObject({ data: [{ role: 'viewer', object: 'member', status: 'active' }], hasMore: false });
  });

  it('of another tenant do not exist', async () => {
    const [mine, other] = [await newTenant(app), await newTenant(app)];
    const owner = await newPerson(app, mine, 'owner');
    const stranger = await newPerson(app, other, 'viewer');
    const missing = 'mem_01m8323e5reaxrt2ryy9phpt8y';
    for (const [method, tail] of [
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/invitation'],
      ['POST', '/password-reset'],
    ] as const) {
      const payload = method === 'PATCH' ? { role: 'admin' } : undefined;
      const answers = [];
      for (const id of [stranger.id, missing, 'mem_x', owner.id.replace('mem', 'key')]) {
        const { status, body } = await owner.call(method, `/v1/members/${id}${tail}`, payload);
        answers.push({ status, ...body, requestId: null, instance: null });
      }
      expect(answers[0]).toMatchObject({ status: 404, code: 'not-found' });
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    }
    expect(await sql(other, 'select from maru.members')).toHaveLength(1);
  });

  it('are invited once per address, and their audit entries say by whom', async () => {
    const tenantId = await newTenant(app);
    const admin = await newPerson(app, tenantId, 'admin');
    const invited = await invite(admin, ' Mina@Hanbit.Example ', 'analyst');
    expect(invited).toMatchObject({
      status: 201,
      headers: { location: `/v1/members/${invited.body.id}` },
      body: {
        email: 'mina@hanbit.example',
        role: 'analyst',
        status: 'invited',
        invitedBy: admin.id,
        lastSignInAt: null,
      },
    });
    expect(await invite(admin, 'MINA@hanbit.example')).toMatchObject({ status: 409, body: { code: 'already-exists' } });
    expect(await auditedActions(app, tenantId)).toEqual(['member.invited']);
    const [event] = await sql<{ actor_id: string; after: object }>(
      tenantId,
      `select actor_id, after from maru.audit_events where action = 'member.invited'`,
    );
    expect(event).toEqual({
      actor_id: admin.id,
      after: { email: 'mina@hanbit.example', name: 'Mina Kim', role: 'analyst', status: 'invited' },
    });
  });

  it.each([
    [{ email: 'a@b.c', name: 'A', role: 'operator' }, '/role'],
    [{ email: 'a@b.c', name: '', role: 'viewer' }, '/name'],
    [{ email: 'not an address', name: 'A', role: 'viewer' }, '/email'],
    [{ email: 'a@b.c', name: 'A', role: 'viewer', status: 'active' }, '/status'],
  ])('are not invited with a wrong field: %j', async (payload, pointer) => {
    const owner = await newPerson(app, await newTenant(app), 'owner');
    const answer = await owner.call('POST', '/v1/members', payload);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  it('keep their fields when null is sent', async () => {
    const owner = await newPerson(app, await newTenant(app), 'owner');
    for (const field of ['name', 'role', 'status']) {
      const answer = await owner.call('PATCH', `/v1/members/${owner.id}`, { [field]: null });
      expect(answer.status).toBe(422);
    }
  });
});

describe('roles', () => {
  it('of owners are the business of owners', async () => {
    const tenantId = await newTenant(app);
    const [owner, admin] = [await newPerson(app, tenantId, 'owner'), await newPerson(app, tenantId, 'admin')];
    const refused = { status: 403, body: { code: 'insufficient-scope' } };
    expect(await invite(admin, 'x@example.com', 'owner')).toMatchObject(refused);
    expect(await admin.call('PATCH', `/v1/members/${admin.id}`, { role: 'owner' })).toMatchObject(refused);
    expect(await admin.call('PATCH', `/v1/members/${owner.id}`, { name: 'X' })).toMatchObject(refused);
    expect(await admin.call('DELETE', `/v1/members/${owner.id}`)).toMatchObject(refused);
    expect(await admin.call('POST', `/v1/members/${owner.id}/password-reset`)).toMatchObject(refused);
    expect((await owner.call('PATCH', `/v1/members/${admin.id}`, { role: 'owner' })).status).toBe(200);
    expect(await owners(tenantId)).toBe(2);
  });

  it('change what a token opens, and end the old token', async () => {
    const tenantId = await newTenant(app);
    const [owner, viewer] = [await newPerson(app, tenantId, 'owner'), await newPerson(app, tenantId, 'viewer')];
    expect((await viewer.call('GET', '/v1/members')).status).toBe(403);
    const changed = await owner.call('PATCH', `/v1/members/${viewer.id}`, { role: 'admin', name: ' Boss ' });
    expect(changed).toMatchObject({ status: 200, body: { role: 'admin', name: 'Boss' } });
    expect((await viewer.call('GET', '/v1/members')).status).toBe(401); // ver was raised
    expect((await owner.call('GET', '/v1/members')).status).toBe(200);
    expect(await auditedActions(app, tenantId)).toEqual(['member.changed']);
  });

  it('leave one owner at least, also when all of them leave at once', async () => {
    const tenantId = await newTenant(app);
    const owner = await newPerson(app, tenantId, 'owner');
    const last = { status: 409, body: { code: 'invalid-state-transition', currentStatus: 'last_owner', allowed: [] } };
    expect(await owner.call('PATCH', `/v1/members/${owner.id}`, { role: 'admin' })).toMatchObject(last);
    expect(await owner.call('PATCH', `/v1/members/${owner.id}`, { status: 'disabled' })).toMatchObject(last);
    expect(await owner.call('DELETE', `/v1/members/${owner.id}`)).toMatchObject(last);
    expect((await invite(owner, 'new@example.com', 'owner')).status).toBe(201); // an invited one does not count
    expect(await owner.call('DELETE', `/v1/members/${owner.id}`)).toMatchObject(last);

    for (let round = 0; round < 10; round++) {
      const all = [];
      for (let i = 0; i < 6; i++) all.push(await newPerson(app, tenantId, 'owner'));
      const leave = (p: Person, i: number) =>
        i % 2 === 0
          ? p.call('DELETE', `/v1/members/${p.id}`)
          : p.call('PATCH', `/v1/members/${p.id}`, { role: 'viewer' });
      await sql(tenantId, `delete from maru.members where role = 'owner' and id < '${all[0]!.memberId}'`);
      const answers = await Promise.all(all.map(leave));
      expect(answers.filter((a) => a.status === 409)).toHaveLength(1);
      expect(await owners(tenantId)).toBe(1);
    }
  });
});

describe('members who leave', () => {
  it('lose every session at once, and may be let in again when they were only disabled', async () => {
    const tenantId = await newTenant(app);
    const owner = await newPerson(app, tenantId, 'owner');
    for (const how of ['disabled', 'removed']) {
      const person = await newPerson(app, tenantId, 'analyst');
      const url = `/v1/members/${person.id}`;
      expect((await person.call('GET', '/v1/me')).status).toBe(200);
      const gone = how === 'disabled' ? owner.call('PATCH', url, { status: 'disabled' }) : owner.call('DELETE', url);
      expect((await gone).status).toBe(how === 'disabled' ? 200 : 204);
      expect((await person.call('GET', '/v1/me')).status).toBe(401);
      const text = `select from maru.sessions where subject_id = '${person.memberId}' and revoked_reason = 'removed'`;
      expect(await sql(tenantId, text)).toHaveLength(1);
      const back = await owner.call('PATCH', url, { status: 'active' });
      expect(back.status).toBe(how === 'disabled' ? 200 : 404);
      expect((await person.call('GET', '/v1/me')).status).toBe(401);
    }
  });

  it('cannot act in the seconds in which their token is still remembered', async () => {
    const tenantId = await newTenant(app);
    const [owner, admin] = [await newPerson(app, tenantId, 'owner'), await newPerson(app, tenantId, 'admin')];
    expect((await admin.call('GET', '/v1/members')).status).toBe(200); // now it is remembered
    await sql(tenantId, `update maru.members set status = 'disabled' where id = '${admin.memberId}'`); // in another process
    expect((await invite(admin, 'friend@example.com', 'admin')).status).toBe(401);
    expect((await admin.call('DELETE', `/v1/members/${owner.id}`)).status).toBe(401);
    expect(await sql(tenantId, 'select from maru.members')).toHaveLength(2);
  });
});
