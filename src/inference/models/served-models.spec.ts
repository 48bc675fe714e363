import { beforeEach, describe, expect, it } from 'vitest';
import { fakeModel } from '../../../test/support/fake-runtime.js';
import { FixedModels, MODEL } from '../../../test/support/scheduler-bench.js';
import { canaryPart } from './canary-share.js';
import { type ServingPointers, ServedModels } from './served-models.js';

const TENANT = 'tenant-a';
const [ONE, TWO] = [fakeModel('v', 11), fakeModel('v', 12)].map((model, i) => ({
  ...model,
  digest: `sha256:${i}`,
  tenantId: TENANT,
}));

describe('ServedModels', () => {
  let served: ServedModels;
  let changes: number;
  const models = [ONE, TWO].flatMap((version) => (version ? [{ version, manifest: version.digest }] : []));
  const point = (stable: string, canary: ServingPointers['canary'] = null) =>
    served.replace({ models, pointers: [{ tenantId: TENANT, slug: 'v', stable, canary }] });
  const reside = (...ids: string[]) => served.setResident(new Set(ids));
  const listed = () => served.list().map(({ id }) => id);
  const take = (jobId = 'job', pin: string | null = null) => served.take(TENANT, 'v', jobId, pin);
  const one = ONE?.id ?? '';
  const two = TWO?.id ?? '';

  beforeEach(() => {
    served = new ServedModels(new FixedModels([MODEL]));
    changes = 0;
    served.onChange(() => (changes += 1));
  });

  it('lists what ships and what is pointed at', () => {
    expect(listed()).toEqual([MODEL.id]);
    point(one);
    expect([listed(), changes]).toEqual([[MODEL.id, one], 1]);
    expect([served.byId(one), served.byName(MODEL.name)]).toEqual([ONE, MODEL]);
    expect(served.take('tenant-b', 'v', 'job', null)).toBeNull();
    expect(served.take(TENANT, 'w', 'job', null)).toBeNull();
  });

  it('keeps serving the old model until the new one is resident, and lists it until its last job is over', () => {
    point(one);
    reside(MODEL.id, one);
    const running = take();
    expect(running?.version.id).toBe(one);
    point(two);
    expect(listed()).toEqual([MODEL.id, one, two]);
    expect(take('other')?.version.id).toBe(one);
    reside(MODEL.id, one, two);
    expect(take('third')?.version.id).toBe(two);
    served.replace({ models: models.slice(1), pointers: [{ tenantId: TENANT, slug: 'v', stable: two, canary: null }] });
    expect([listed(), served.byId(one)]).toEqual([[MODEL.id, one, two], ONE]);
  });

  it('lets go when a job ends, once', () => {
    point(one);
    reside(one);
    const [first, second] = [take('a'), take('b')];
    point(two);
    reside(one, two);
    first?.release();
    first?.release();
    expect(listed()).toContain(one);
    const before = changes;
    second?.release();
    expect(listed()).not.toContain(one);
    expect(changes).toBe(before + 1);
  });

  it('goes to a new model at once when the old one does not serve', () => {
    point(one);
    point(two);
    expect(take()?.version.id).toBe(two);
    expect(listed()).not.toContain(one);
  });

  it('gives the canary its part by the ids of the jobs, as soon as it is resident', () => {
    point(one, { modelId: two, percent: 30 });
    reside(one);
    const ids = Array.from({ length: 500 }, (_, i) => `job-${i}`);
    expect(ids.filter((id) => take(id)?.version.id === two)).toEqual([]);
    reside(one, two);
    const taken = ids.filter((id) => take(id)?.version.id === two);
    expect(taken).toEqual(ids.filter((id) => canaryPart('v', id) < 30));
    expect(taken.length).toBeGreaterThan(110);
    expect(taken.length).toBeLessThan(190);
  });

  it('gives a rerun the files that it is held to, and loads them for it', () => {
    point(two);
    reside(two);
    expect(listed()).not.toContain(one);
    const pinned = take('job', ONE?.digest);
    expect(pinned?.version.id).toBe(one);
    expect(listed()).toContain(one);
    pinned?.release();
    expect(listed()).not.toContain(one);
    expect(take('job', 'sha256:unknown')).toBeNull();
  });

  it('keeps a model of the platform listed while a job runs with it, though another took its name over', () => {
    const shipped = [MODEL];
    const platform = new FixedModels([]);
    platform.list = () => shipped;
    const models = new ServedModels(platform);
    let told = 0;
    models.onChange(() => (told += 1));
    const [first, second] = [models.keep(MODEL), models.keep(MODEL)];
    shipped[0] = { ...MODEL, id: two };
    expect(models.list().map(({ id }) => id)).toEqual([two, MODEL.id]);
    expect(models.byId(MODEL.id)).toBe(MODEL);
    first();
    first();
    expect([models.list().length, told]).toEqual([2, 0]);
    second();
    expect([models.list().map(({ id }) => id), told]).toEqual([[two], 1]);
  });

  it('asks its source for news', async () => {
    await served.refresh();
    served.setSource(async () => point(one));
    await served.refresh();
    expect(take()?.version.id).toBe(one);
  });
});

it('spreads jobs evenly over a hundred parts', () => {
  const counts = new Map<number, number>();
  for (let i = 0; i < 20_000; i++) {
    const part = canaryPart('slug', `job-${i}`);
    counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  expect(counts.size).toBe(100);
  for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(80);
});
