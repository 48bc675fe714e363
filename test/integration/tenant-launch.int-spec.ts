import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminModule } from '../../src/admin/admin.module.js';
import { BRAND_PRESETS } from '../../src/admin/brand-presets.js';
import { ApiKeys } from '../../src/auth/api-keys.service.js';
import { AccountRecovery } from '../../src/auth/members/account-recovery.js';
import { SYSTEM_ACTOR } from '../../src/audit/audit-trail.js';
import { newUuid, publicId, uuidOf } from '../../src/common/ids.js';
import { TenantDirectory } from '../../src/tenants/tenant-directory.js';
import { httpApp } from '../support/http-app.js';
import { query } from '../support/job-fixtures.js';
import { OPERATOR, SignedIn } from '../support/signed-in.js';

@Module({ providers: [{ provide: APP_GUARD, useClass: SignedIn }] })
class SignedInModule {}

let app: NestFastifyApplication;
beforeAll(async () => {
  SignedIn.as = OPERATOR;
  app = await httpApp(AdminModule, SignedInModule);
});
afterAll(() => app.close());

const call = (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object) => app.inject({ method, url, payload });
const create = (body: object, from = '') => call('POST', `/v1/admin/tenants${from && `?from=${from}`}`, body);
const newSlug = () => `launch-${newUuid().slice(-6)}`;
const keyIsGood = async (key: string) => (await app.get(ApiKeys, { strict: false }).verify(key, '127.0.0.1')) !== null;
const accept = (url: string) =>
  app
    .get(AccountRecovery, { strict: false })
    .accept(url.split('#')[1]!, 'seven lamps above the quay', null, SYSTEM_ACTOR);
interface Brand {
  readonly doc: { identity: { name: string }; theme: { primary: string }; copy: { ko: object } };
  readonly css: string;
}
const brandOf = async (id: string) =>
  (
    await query<Brand>(
      `select doc, compiled_css as css from maru.tenant_brand_versions b join maru.tenants t
         on t.id = b.tenant_id and b.version = t.active_brand_version where t.id = $1`,
      [uuidOf('tenant', id)],
    )
  )[0];

const WHOLE = {
  name: 'Whole',
  weight: 3,
  plan: 'business',
  quotas: [{ name: 'daily', limit: 777, reason: 'Trial' }],
  analyzers: ['digit-reader'],
  owner: { email: 'First@Owner.example', name: 'First' },
  apiKeyName: 'production',
  smokeJob: true,
};

describe('onboarding in one call', () => {
  it('makes everything that was asked for, and shows secrets once', async () => {
    const slug = newSlug();
    const answer = await create({ slug, ...WHOLE }, 'ocean');
    expect([answer.statusCode, answer.json()]).toEqual([
      201,
      expect.objectContaining({
        slug,
        weight: 3,
        plan: 'business',
        apiKey: expect.stringMatching(/^maru_live_/),
        owner: expect.objectContaining({
          email: 'first@owner.example',
          name: 'First',
          role: 'owner',
          status: 'invited',
          link: {
            url: expect.stringMatching(new RegExp(`^http://${slug}\\.localhost:3000/invitation#`)),
            expiresAt: expect.any(String),
          },
        }),
        links: {
          portal: `http://${slug}.localhost:3000/`,
          smokeJob: `http://${slug}.localhost:3000/v1/jobs/${answer.json().smokeJobId}`,
        },
      }),
    ]);
    const { id, apiKey, owner } = answer.json();
    expect(await keyIsGood(apiKey)).toBe(true);
    expect((await accept(owner.link.url)).email).toBe('first@owner.example');
    const quotas = (await call('GET', `/v1/admin/tenants/${id}/quotas`)).json().data as { name: string }[];
    expect(quotas.find(({ name }) => name === 'daily')).toMatchObject({ limit: 777, source: 'override' });
    expect((await call('GET', `/v1/admin/tenants/${id}/onboarding`)).json().steps).toEqual([
      { name: 'owner', done: true },
      { name: 'apiKey', done: true },
      { name: 'analyzers', done: true },
      { name: 'branding', done: true },
      { name: 'firstJob', done: false },
    ]);
    const [row] = await query<{ settings: object }>('select settings from maru.tenants where slug = $1', [slug]);
    expect(row!.settings).toEqual({});
    expect((await create({ slug, ...WHOLE }, 'ocean')).json()).toMatchObject({ code: 'already-exists' });
  });

  it('goes on where it broke off, and what was shown to nobody is void', async () => {
    const slug = newSlug();
    const body = { slug, ...WHOLE, owner: { email: 'late@owner.example' } };
    await query(`alter table maru.members add constraint late check (email <> 'late@owner.example') not valid`);
    expect((await create(body)).statusCode).toBe(500);
    const keys = () =>
      query<{ live: boolean }>(
        `select revoked_at is null as live from maru.api_keys k join maru.tenants t on t.id = k.tenant_id where t.slug = $1`,
        [slug],
      );
    expect(await keys()).toEqual([{ live: true }]);
    expect((await create({ ...body, weight: 4 })).statusCode).toBe(409); // another request
    await query('alter table maru.members drop constraint late');
    const answer = await create(body);
    expect([answer.statusCode, answer.json().owner]).toEqual([201, expect.objectContaining({ name: 'late' })]);
    expect((await keys()).map(({ live }) => live).sort()).toEqual([false, true]);
    expect(await keyIsGood(answer.json().apiKey)).toBe(true);
    const jobs = await query('select 1 from maru.jobs where tenant_id = $1', [uuidOf('tenant', answer.json().id)]);
    expect(jobs).toHaveLength(1);
  });

  it('belongs to one of many who send the same at a time', async () => {
    const body = { slug: newSlug(), ...WHOLE };
    const answers = await Promise.all(Array.from({ length: 6 }, () => create(body)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    const [winner] = answers.filter(({ statusCode }) => statusCode === 201);
    expect(await keyIsGood(winner!.json().apiKey)).toBe(true);
  });

  it.each([
    [{ owner: { email: 'nobody' } }, '/email'],
    [{ owner: { email: 'a@b.example', role: 'admin' } }, '/owner/role'],
    [{ quotas: [{ name: 'gold', limit: 1, reason: 'x' }] }, '/quotas/0/name'],
    [{ name: 'With {{placeholder}}' }, '/name'],
  ])('makes nothing of %j', async (part, pointer) => {
    const slug = newSlug();
    const refused = await create({ slug, name: 'Bad', ...part }, 'plum');
    expect([refused.statusCode, refused.json().errors[0].pointer]).toEqual([422, pointer]);
    expect((await create({ slug, name: 'Good' })).statusCode).toBe(201);
  });
});

describe('the looks of a new tenant', () => {
  it.each(Object.entries(BRAND_PRESETS))('%s is a theme without a name of its own', async (preset, { theme }) => {
    const { id } = (await create({ slug: newSlug(), name: 'Narae' }, preset)).json();
    const { doc, css } = (await brandOf(id))!;
    expect([doc.identity.name, doc.theme.primary]).toEqual(['Narae', theme.primary]);
    expect(css).toContain(`--accent:`);
  });

  it('are taken over from another tenant without its name and words', async () => {
    const source = (await create({ slug: newSlug(), name: 'Hanbit Precision' }, 'ember')).json();
    const copy = `'{"copy": {"ko": {"login.title": "한빛정밀 검사실"}, "en": {}}}'`;
    await query(
      `with worded as (
         insert into maru.tenant_brand_versions (tenant_id, version, status, doc, compiled_css, css_sha256, published_at)
         select tenant_id, 2, status, doc || ${copy}, compiled_css, css_sha256, now()
           from maru.tenant_brand_versions where tenant_id = $1 returning tenant_id)
       update maru.tenants t set active_brand_version = 2 from worded w where t.id = w.tenant_id`,
      [uuidOf('tenant', source.id)],
    );
    await app.get(TenantDirectory, { strict: false }).forget();
    const { id } = (await create({ slug: newSlug(), name: 'Saebom' }, source.id)).json();
    const brand = (await brandOf(id))!;
    expect(brand.doc).toMatchObject({ identity: { name: 'Saebom' }, theme: { primary: '#c2410c' }, copy: { ko: {} } });
    expect(JSON.stringify(brand)).not.toMatch(/hanbit|한빛/i);
  });

  it('are of a tenant or preset that exists', async () => {
    for (const from of ['neon', publicId('tenant', newUuid())]) {
      const refused = (await create({ slug: newSlug(), name: 'x' }, from)).json();
      expect(refused.errors).toEqual([expect.objectContaining({ pointer: '/from', code: 'unknown_tenant' })]);
    }
  });
});

describe('POST /v1/admin/tenants/{id}/owner-invitation', () => {
  const invite = (id: string, email: string) => call('POST', `/v1/admin/tenants/${id}/owner-invitation`, { email });

  it('renews a link that got lost, until the tenant has an owner', async () => {
    const { id } = (await create({ slug: newSlug(), name: 'Lost' })).json();
    const first = (await invite(id, 'mina@lost.example')).json();
    const second = await invite(id, 'Mina@lost.example');
    expect([second.statusCode, second.json().id]).toEqual([201, first.id]);
    await expect(accept(first.link.url)).rejects.toThrow(/not valid/);
    await accept(second.json().link.url);
    expect((await invite(id, 'other@lost.example')).json()).toMatchObject({
      code: 'invalid-state-transition',
      currentStatus: 'owned',
    });
    expect((await invite(publicId('tenant', newUuid()), 'a@b.example')).statusCode).toBe(404);
  });
});
