import { afterEach, describe, expect, it, vi } from 'vitest';
import { commandConfig } from '../../src/cli/command-config.js';
import { loadConfig } from '../../src/config/config.js';
import { newUuid } from '../../src/common/ids.js';
import { tamper } from '../support/audit-room.js';
import { endedJob } from '../support/ended-jobs.js';
import { query } from '../support/job-fixtures.js';
import { maru, printed } from '../support/maru-command.js';

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const json = printed;

describe('maru tenant', () => {
  it('creates a tenant with a key, shows, suspends, resumes, exports and deletes it', async () => {
    const slug = `cli-${newUuid().slice(-6)}`;
    const made = await maru(
      'tenant',
      'create',
      '--slug',
      slug,
      '--name',
      'By hand',
      '--plan',
      'business',
      '--analyzers',
      'digit-reader,signal-anomaly',
      '--api-key',
      'first',
      '--smoke-job',
      '--wait-seconds',
      '0',
    );
    expect([made.code, json(made)]).toEqual([
      2, // no worker runs here
      {
        id: expect.stringMatching(/^ten_/),
        slug,
        hosts: [`${slug}.localhost`],
        owner: null,
        apiKey: expect.stringMatching(/^maru_live_/),
        smokeJobId: expect.stringMatching(/^job_/),
        smokeJob: expect.objectContaining({ status: 'queued', analyzer: 'digit-reader', result: null }),
        faults: [{ kind: 'smoke_job', message: expect.stringMatching(/Is a worker running/) }],
      },
    ]);
    expect(json(await maru('tenant', 'show', slug))).toMatchObject({
      plan: 'business',
      weight: 1,
      onboarding: { apiKey: true, analyzers: true, owner: false },
    });
    expect(JSON.parse((await maru('tenant', 'list')).out)).toContainEqual(
      expect.objectContaining({ slug, status: 'active' }),
    );
    expect(json(await maru('tenant', 'suspend', slug, '--reason', 'unpaid'))).toEqual({ slug, status: 'suspended' });
    expect(json(await maru('tenant', 'resume', String(json(made)['id'])))).toEqual({ slug, status: 'active' });
    expect(json(await maru('tenant', 'export', slug))).toMatchObject({ object: 'tenant_export', analyzers: [{}, {}] });
    expect(json(await maru('tenant', 'delete', slug, '--reason', 'gone', '--grace-days', '7'))).toEqual({
      status: 'suspended',
      deleteAfter: expect.any(String),
    });
    const actors = await query<{ actor: string }>(
      `select distinct e.actor_type as actor from maru.audit_events e join maru.tenants t on t.id = e.tenant_id where t.slug = $1`,
      [slug],
    );
    expect(actors).toEqual([{ actor: 'system' }]);
  });

  it.each([
    [['tenant', 'show', 'nobody'], /There is no tenant "nobody"/],
    [['tenant', 'create', '--slug', 'X', '--name', 'x'], /slug must be 2 to 31/],
    [['tenant', 'create', '--slug', 'ok-slug', '--name', 'x', '--plan', 'none'], /plan is no plan/],
    [['tenant', 'delete', 'nobody', '--reason', 'x', '--grace-days', '-1'], /--grace-days must not be less than 0/],
  ])('says what is wrong in one line: %j', async (words, message) => {
    const { code, error, out } = await maru(...words);
    expect([code, out]).toEqual([1, '']);
    expect(error).toMatch(message);
    expect(error.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('maru audit, usage, secrets', () => {
  it('verifies the log, and ends with 2 when it was changed', async () => {
    const slug = `audit-${newUuid().slice(-6)}`;
    await maru('tenant', 'create', '--slug', slug, '--name', 'x');
    expect(json(await maru('audit', 'seal'))['sealed']).toBeGreaterThan(0);
    const good = await maru('audit', 'verify', slug);
    expect([good.code, json(good)]).toEqual([0, { chains: 1, events: 1, pending: 0, faults: [] }]);
    await tamper(
      `update maru.audit_events e set actor_id = 'x' from maru.tenants t where t.id = e.tenant_id and t.slug = '${slug}'`,
    );
    const bad = await maru('audit', 'verify', slug);
    expect([bad.code, json(bad)]).toEqual([
      2,
      expect.objectContaining({ faults: [expect.objectContaining({ kind: 'changed_event' })] }),
    ]);
    expect((await maru('audit', 'verify')).code).toBe(2);
  });

  it('reconciles usage, and ends with 2 when the books disagree', async () => {
    const slug = `books-${newUuid().slice(-6)}`;
    await maru('tenant', 'create', '--slug', slug, '--name', 'x');
    const [row] = await query<{ id: string }>('select id from maru.tenants where slug = $1', [slug]);
    const job = await endedJob(row!.id, { at: new Date(Date.now() - 60_000) });
    const good = await maru('usage', 'reconcile', '--days', '2');
    expect([good.code, json(good)]).toEqual([0, expect.objectContaining({ entries: 1, units: 1, faults: [] })]);
    await query('delete from maru.usage_ledger where tenant_id = $1 and job_id = $2', [row!.id, job]);
    const bad = await maru('usage', 'reconcile');
    expect([bad.code, json(bad)['faults']]).toEqual([2, [expect.objectContaining({ kind: 'missing_entry' })]]);
  });

  it('rewraps keys', async () => {
    expect(json(await maru('secrets', 'rewrap'))).toEqual({ keysRewrapped: 0, valuesResealed: 0 });
  });
});

it('works on the database of the running installation, and says so when there is none', async () => {
  const config = loadConfig();
  await expect(commandConfig({ ...config, database: { url: null } })).rejects.toThrow(/Maru is not running here/);
  const storage = { ...config.storage, dataDir: '/nowhere' };
  await expect(commandConfig({ ...config, storage, database: { url: null } })).rejects.toThrow(
    /Maru is not running here/,
  );
  const gone = { url: 'postgres://a:b@127.0.0.1:1/x' };
  await expect(commandConfig({ ...config, database: gone })).rejects.toThrow(/does not answer/);
});
