import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SigningKeyRing } from '../../src/auth/signing-key-ring.js';
import { newUuid, uuidOf } from '../../src/common/ids.js';
import { SigningKeysModule } from '../../src/auth/signing-keys.module.js';
import { httpApp } from '../support/http-app.js';
import { query } from '../support/job-fixtures.js';
import { jobRoom } from '../support/job-room.js';
import { HandWorker } from '../support/job-worker.js';
import { maru, printed } from '../support/maru-command.js';
import { until } from '../support/signals.js';

let room: TestingModule;
let worker: HandWorker;
beforeAll(async () => {
  room = await jobRoom();
  worker = await HandWorker.start(room);
});
afterAll(() => room.close());

const newSlug = () => `cli-${newUuid().slice(-6)}`;

/** Ends the first job of the tenant as soon as it is there. */
async function endFirstJob(slug: string): Promise<void> {
  const find =
    'select q.tenant_id as id from maru.job_queue q join maru.tenants t on t.id = q.tenant_id where t.slug = $1';
  const { id } = await until(async () => (await query<{ id: string }>(find, [slug]))[0], { what: 'the first job' });
  const [journal] = await until(async () => {
    const claimed = await worker.claim(id, 1);
    return claimed.length > 0 ? claimed : null;
  });
  await worker.end(journal!);
}

it('creates a tenant, tries it, and prints the result', async () => {
  const slug = newSlug();
  const words = [
    '--name',
    'Whole',
    '--plan',
    'business',
    '--quotas',
    'daily=500,queued=50',
    '--analyzers',
    'digit-reader',
  ];
  const more = ['--owner-email', 'o@whole.example', '--api-key', 'first', '--from', 'forest', '--wait-seconds', '20'];
  const [made] = await Promise.all([maru('tenant', 'create', '--slug', slug, ...words, ...more), endFirstJob(slug)]);
  expect([made.code, printed(made)]).toEqual([
    0,
    expect.objectContaining({
      owner: {
        id: expect.stringMatching(/^mem_/),
        email: 'o@whole.example',
        link: { url: expect.stringMatching(/\/invitation#/), expiresAt: expect.any(String) },
      },
      apiKey: expect.stringMatching(/^maru_live_/),
      smokeJob: expect.objectContaining({
        status: 'succeeded',
        analyzer: 'digit-reader',
        result: expect.objectContaining({ kind: 'text', data: { text: '42' } }),
        error: null,
      }),
      faults: [],
    }),
  ]);
  const quotas = JSON.parse((await maru('tenant', 'quotas', slug)).out) as { name: string; limit: number }[];
  expect(quotas.filter(({ name }) => ['daily', 'queued'].includes(name))).toEqual([
    expect.objectContaining({ name: 'queued', limit: 50, source: 'override' }),
    expect.objectContaining({ name: 'daily', limit: 500, source: 'override' }),
  ]);
});

it('takes looks, languages and plan of a tenant by its slug, and no first job when told so', async () => {
  const [model, slug] = [newSlug(), newSlug()];
  await maru('tenant', 'create', '--slug', model, '--name', 'Model', '--plan', 'starter', '--from', 'plum');
  const copy = printed(
    await maru(
      'tenant',
      'create',
      '--slug',
      slug,
      '--name',
      'Copy',
      '--from',
      model,
      '--analyzers',
      'digit-reader',
      '--no-smoke-job',
    ),
  );
  expect(copy).toMatchObject({ smokeJob: null, smokeJobId: null, faults: [] });
  expect(printed(await maru('tenant', 'show', slug))).toMatchObject({
    plan: 'starter',
    onboarding: { branding: true },
  });
});

it('changes what operators decide about a tenant', async () => {
  const slug = newSlug();
  const made = printed(await maru('tenant', 'create', '--slug', slug, '--name', 'Plain'));
  const change = ['--name', 'New', '--weight', '7', '--retention-days', '90', '--locales', 'en,ko'];
  expect(printed(await maru('tenant', 'set', slug, ...change))).toMatchObject({
    name: 'New',
    weight: 7,
    retentionDays: 90,
    locales: { enabled: ['en', 'ko'], default: 'en' },
    plan: 'standard',
  });
  expect(printed(await maru('tenant', 'analyzers', slug, 'signal-anomaly,digit-reader'))).toEqual({
    analyzers: ['digit-reader', 'signal-anomaly'],
  });
  await maru('tenant', 'quotas', slug, '--set', 'stored=5', '--reason', 'trial', '--expires-at', '2099-01-01');
  const overrides = () =>
    query('select name, quota::int as quota from maru.tenant_quotas where tenant_id = $1', [
      uuidOf('tenant', String(made['id'])),
    ]);
  expect(await overrides()).toEqual([{ name: 'stored', quota: 5 }]);
  await maru('tenant', 'quotas', slug, '--set', 'none');
  expect(await overrides()).toEqual([]);
  const invited = printed(await maru('tenant', 'invite-owner', slug, '--email', 'a@plain.example', '--name', 'Ann'));
  const again = printed(await maru('tenant', 'invite-owner', slug, '--email', 'a@plain.example'));
  expect(again['id']).toBe(invited['id']);
  expect(again['link']).not.toEqual(invited['link']);
});

it.each([
  [['tenant', 'set', 'nobody', '--weight', '0'], /--weight must not be less than 1/],
  [['tenant', 'set', 'nobody', '--locales', 'korean!'], /--locales must be/],
  [['tenant', 'quotas', 'nobody'], /There is no tenant "nobody"/],
  [['tenant', 'create', '--slug', 'ok-slug', '--name', 'x', '--quotas', 'gold=1'], /"gold=1" is no limit/],
  [['tenant', 'create', '--slug', 'ok-slug', '--name', 'x', '--from', 'neon'], /There is no tenant "neon"/],
  [['tenant', 'create', '--slug', 'ok-slug', '--name', 'x', '--owner-email', 'nobody'], /email must be/],
  [['operator', 'set', 'nobody@maru.example', '--status', 'active'], /There is no operator/],
  [['operator', 'set', 'nobody@maru.example', '--status', 'gone'], /--status must be/],
])('says what is wrong in one line: %j', async (words, message) => {
  const { code, error, out } = await maru(...words);
  expect([code, out]).toEqual([1, '']);
  expect(error).toMatch(message);
  expect(error.trimEnd().split('\n')).toHaveLength(1);
});

it('manages operators, and prints a password once', async () => {
  const email = `${newUuid().slice(-6)}@maru.example`;
  const made = printed(await maru('operator', 'create', '--email', email, '--name', 'Jun'));
  expect(made).toMatchObject({ email, status: 'active', password: expect.stringMatching(/^[\w-]{24}$/) });
  await maru('operator', 'create', '--email', `b-${email}`, '--name', 'Bora');
  expect(JSON.parse((await maru('operator', 'list')).out)).toContainEqual(
    expect.not.objectContaining({ password: expect.anything() }),
  );
  const changed = printed(await maru('operator', 'set', email, '--status', 'disabled', '--new-password'));
  expect(changed).toMatchObject({ status: 'disabled', password: expect.not.stringMatching(String(made['password'])) });
  expect((await maru('operator', 'remove', `b-${email}`)).error).toMatch(/last active operator/);
  expect(printed(await maru('operator', 'remove', String(made['id'])))).toEqual({ removed: made['id'] });
});

it('rotates the keys of access tokens', async () => {
  expect((await maru('key', 'rotate')).error).toMatch(/no signing keys yet/);
  const app = await httpApp(SigningKeysModule);
  await app.get(SigningKeyRing, { strict: false }).signingKey();
  await app.close();
  expect((await maru('key', 'rotate')).error).toMatch(/^The next key was published a moment ago/);
  const { current } = printed(await maru('key', 'rotate', '--compromised'));
  expect(await query('select kid from maru.signing_keys where state = $1', ['current'])).toEqual([{ kid: current }]);
});
