import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api-process.js';
import { Principals } from '../../src/auth/principals.js';
import { newUuid, publicId } from '../../src/common/ids.js';
import { loadConfig } from '../../src/config/config.js';
import { type ApiTenant, apiTenant } from '../support/api-tenant.js';
import { query } from '../support/job-fixtures.js';
import { maru, printed } from '../support/maru-command.js';
import { SchedulerBench } from '../support/scheduler-bench.js';

let api: NestFastifyApplication;
let tenant: ApiTenant;
const email = `${newUuid().slice(-6)}@maru.example`;
beforeAll(async () => {
  api = await createApi(loadConfig());
  await api.listen({ port: 0, host: '127.0.0.1' });
  tenant = await apiTenant(api);
  await maru('operator', 'create', '--email', email, '--name', 'Jun');
  await maru('operator', 'create', '--email', `b-${email}`, '--name', 'Bora');
});
afterAll(() => api.close());

const get = (url: string, token: string) => api.inject({ url, headers: { authorization: `Bearer ${token}` } });
const forget = () => api.get(Principals, { strict: false }).forget(); // what 5 s would do

describe('maru impersonation', () => {
  it('prints a token that reads the tenant as its viewer, and ends it', async () => {
    const words = ['--operator', email, '--reason', 'Ticket 4711', '--expires-in-minutes', '5'];
    const started = printed(await maru('impersonation', 'start', tenant.slug, ...words));
    expect(started).toMatchObject({
      id: expect.stringMatching(/^imp_/),
      tenantId: publicId('tenant', tenant.id),
      reason: 'Ticket 4711',
      tokenType: 'Bearer',
      expiresIn: 300,
    });
    const token = String(started['accessToken']);
    expect((await get('/v1/me', token)).json()).toMatchObject({ object: 'operator', role: 'viewer', email });
    expect((await get('/v1/members', token)).statusCode).toBe(403);
    const other = await maru('impersonation', 'end', String(started['id']), '--operator', `b-${email}`);
    expect([other.code, other.error]).toEqual([1, expect.stringMatching(/^There is nothing/)]);
    expect((await get('/v1/me', token)).statusCode).toBe(200);
    const ended = printed(await maru('impersonation', 'end', String(started['id']), '--operator', email));
    expect(ended).toEqual({ ended: started['id'] });
    forget();
    expect((await get('/v1/me', token)).statusCode).toBe(401);
    const [operator] = await query<{ id: string }>('select id from maru.operators where email = $1', [email]);
    const trail = await query(
      `select tenant_id = $1 as own, action, actor_type as type, actor_id as id, user_agent as agent, reason
         from maru.audit_events where action like 'impersonation.%' order by id`,
      [tenant.id],
    );
    const entry = { type: 'operator', id: publicId('operator', operator!.id), agent: 'maru command' };
    const start = { ...entry, action: 'impersonation.started', reason: 'Ticket 4711' };
    const end = { ...entry, action: 'impersonation.ended', reason: null };
    expect(trail).toEqual([
      { ...start, own: true },
      { ...start, own: false },
      { ...end, own: true },
      { ...end, own: false },
    ]);
  });

  it('says what is wrong in one line, and starts nothing', async () => {
    await maru('operator', 'set', `b-${email}`, '--status', 'disabled');
    const before = await query('select count(*) from maru.impersonations');
    for (const [words, message] of [
      [['start', tenant.slug, '--operator', 'x@y.example', '--reason', 'x'], /There is no operator "x@y.example"/],
      [['start', tenant.slug, '--operator', `b-${email}`, '--reason', 'x'], /The operator b-\S+ is disabled/],
      [['start', 'nobody', '--operator', email, '--reason', 'x'], /There is no tenant "nobody"/],
      [['start', tenant.slug, '--operator', email, '--reason', ' '], /^--reason must not be blank\.$/m],
      [
        ['start', tenant.slug, '--operator', email, '--reason', 'x', '--expires-in-minutes', '61'],
        /^--expires-in-minutes must not be greater than 60\.$/m,
      ],
      [['end', 'imp_x', '--operator', email], /"imp_x" is no id of an impersonation/],
    ] as const) {
      const { code, error, out } = await maru('impersonation', ...words);
      expect([words, code, out]).toEqual([words, 1, '']);
      expect(error).toMatch(message);
      expect(error.trimEnd().split('\n')).toHaveLength(1);
    }
    expect(await query('select count(*) from maru.impersonations')).toEqual(before);
  });
});

describe('maru scheduler', () => {
  it('shows devices, lanes, decisions and the queue by tenant, as the API does', async () => {
    const empty = printed(await maru('scheduler', 'show'));
    expect(empty).toMatchObject({ object: 'scheduler', workers: 0, devices: [], queues: [] });
    const bench = await new SchedulerBench().ready();
    bench.runtime.isAutomatic = true;
    for (const size of [1, 4]) await bench.scheduler.submit(bench.item(`${size}`, { size }));
    await query(
      `insert into maru.workers (name, lease_until, stats) values ('test', clock_timestamp() + interval '1 min', $1)`,
      [JSON.stringify(bench.scheduler.stats())],
    );
    const slug = `busy-${newUuid().slice(-6)}`;
    const trial = ['--analyzers', 'digit-reader', '--smoke-job', '--wait-seconds', '0'];
    const made = printed(await maru('tenant', 'create', '--slug', slug, '--name', 'Busy', '--weight', '3', ...trial));

    const queue = { tenant: made['id'], slug, weight: 3, queued: 1, running: 0 };
    const shown = printed(await maru('scheduler', 'show'));
    expect(shown).toMatchObject({
      workers: 1,
      devices: [{ id: 'cpu:0', workerId: 'worker-1', state: 'free' }],
      eta: [{ samples: 2 }],
      queues: [queue],
    });
    const table = (await maru('scheduler', 'show', '--table')).out;
    expect(table).toMatch(/^devices:\nid +type +runtime +workerId +state +models +busyMs\ncpu:0 /m);
    expect(table).toMatch(
      new RegExp(`^queues:\\ntenant +slug +weight +queued +running\\nten_\\w+ +${slug} +3 +1 +0$`, 'm'),
    );
    expect(JSON.parse((await maru('scheduler', 'decisions')).out)).toMatchObject([{ rows: 4 }, { rows: 1, job: null }]);
    const none = await maru('scheduler', 'decisions', '--job', publicId('job', newUuid()));
    expect([none.code, none.error]).toEqual([1, expect.stringMatching(/^There is nothing/)]);

    const tenants = JSON.parse((await maru('tenant', 'list')).out) as { id: string }[];
    expect(tenants.find(({ id }) => id === made['id'])).toMatchObject({
      analyzers: ['digit-reader'],
      jobs: { queued: 1, running: 0, succeeded: 0, failed: 0 },
    });
  });
});
