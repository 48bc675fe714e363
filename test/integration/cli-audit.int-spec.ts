import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditModule } from '../../src/audit/audit.module.js';
import { newUuid } from '../../src/common/ids.js';
import { httpApp } from '../support/http-app.js';
import { query } from '../support/job-fixtures.js';
import { type CommandRun, maru, printed } from '../support/maru-command.js';
import { OPERATOR, SignedIn } from '../support/signed-in.js';

@Module({ providers: [{ provide: APP_GUARD, useClass: SignedIn }] })
class SignedInModule {}

interface Event {
  readonly id: string;
  readonly action: string;
  readonly at: string;
  readonly tenantId: string | null;
}

const slug = `log-${newUuid().slice(-6)}`;
let api: NestFastifyApplication;
let tenant: string;
beforeAll(async () => {
  SignedIn.as = OPERATOR;
  api = await httpApp(AuditModule, SignedInModule);
  tenant = String(printed(await maru('tenant', 'create', '--slug', slug, '--name', '로그'))['id']);
  await maru('tenant', 'suspend', slug, '--reason', 'unpaid\u001b[2J');
  await maru('tenant', 'resume', slug);
  await maru('operator', 'create', '--email', `${slug}@maru.example`, '--name', 'Jun');
});
afterAll(() => api.close());

const events = (run: CommandRun): Event[] => {
  expect(run.error).toBe('');
  return JSON.parse(run.out) as Event[];
};
const actions = async (...words: string[]) => events(await maru('audit', 'list', ...words)).map(({ action }) => action);

describe('maru audit list', () => {
  it('reads what the API answers to operators, newest first, with the same filters', async () => {
    const all = events(await maru('audit', 'list'));
    expect(all).toEqual((await api.inject({ url: '/v1/admin/audit' })).json().data);
    expect(await actions('--tenant', slug)).toEqual(['tenant.resumed', 'tenant.suspended', 'tenant.created']);
    expect(await actions('--tenant', tenant, '--action', 'tenant.suspended')).toEqual(['tenant.suspended']);
    expect(await actions('--action', 'operator')).toEqual(['operator.created']);
    expect(await actions('--actor', 'system', '--tenant', slug)).toHaveLength(3);
    expect(await actions('--actor', 'anonymous', '--tenant', slug)).toEqual([]);
    expect(await actions('--tenant', slug, '--limit', '1')).toEqual(['tenant.resumed']);
    const [resumed, suspended, created] = events(await maru('audit', 'list', '--tenant', slug));
    expect(await actions('--tenant', slug, '--from', suspended!.at)).toEqual(['tenant.resumed', 'tenant.suspended']);
    expect(await actions('--tenant', slug, '--to', suspended!.at)).toEqual([created!.action]);
    expect(await actions('--tenant', slug, '--from', '2999-01-01')).toEqual([]);
    expect(resumed).toMatchObject({ object: 'audit_event', actor: { type: 'system' }, tenantId: tenant });
  });

  it('goes on over pages until it has what was asked for', async () => {
    await query(
      `insert into maru.audit_events (tenant_id, id, actor_type, action, outcome)
       select t.id, gen_random_uuid(), 'system', 'many.made', 'success' from maru.tenants t, generate_series(1, 450) where t.slug = $1`,
      [slug],
    );
    const many = events(await maru('audit', 'list', '--action', 'many', '--limit', '430'));
    expect([many.length, new Set(many.map(({ id }) => id)).size]).toEqual([430, 430]);
    expect(await actions('--action', 'many', '--limit', '50000')).toHaveLength(450);
    const { out } = await maru('audit', 'list', '--action', 'many', '--csv');
    expect(out.split('\r\n').filter((line) => line.includes('many.made'))).toHaveLength(450);
    expect(out).toBe((await api.inject({ url: '/v1/admin/audit?action=many', headers: { accept: 'text/csv' } })).body);
  });

  it('writes a table for people, in which a reason cannot move the cursor', async () => {
    const { out } = await maru('audit', 'list', '--tenant', slug, '--action', 'tenant', '--table');
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^at +tenant +actor +action +target +outcome +reason$/);
    expect(lines[2]).toMatch(/system +tenant\.suspended +tenant ten_\w+ +success +unpaid\ufffd\[2J$/);
    expect(lines).toHaveLength(4);
    const json = await maru('audit', 'list', '--json', '--table', '--limit', '1');
    expect(events(json)).toHaveLength(1);
  });

  it.each([
    [['--tenant', 'nobody'], /There is no tenant "nobody"/],
    [['--limit', '0'], /--limit must be an integer from 1 to 50000/],
    [['--from', 'yesterday'], /--from must be an RFC 3339 time/],
    [['--actor', 'Jun Park'], /--actor must match/],
    [['--action', 'Tenant!'], /--action must match/],
  ])('says what is wrong in one line: %j', async (words, message) => {
    const { code, error, out } = await maru('audit', 'list', ...words);
    expect([code, out]).toEqual([1, '']);
    expect(error).toMatch(message);
    expect(error.trimEnd().split('\n')).toHaveLength(1);
  });
});
