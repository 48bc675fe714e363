import { expect, it } from 'vitest';
import { fakeModel } from '../../../test/support/fake-runtime.js';
import { FixedModels } from '../../../test/support/scheduler-bench.js';
import type { ModelVersion } from '../model-version.js';
import { UnknownModelError } from './model-catalog.js';
import { JoinedModels } from './joined-models.js';

const tensors = (columns: number) => ({
  inputs: [{ name: 'x', type: 'float32', shape: ['n', columns] } as const],
  outputs: [{ name: 'y', type: 'float32', shape: ['n', 1] } as const],
});
const shipped: ModelVersion = { ...fakeModel('plate', 1), ...tensors(4) };
const remote: ModelVersion = { ...fakeModel('plate', 2), ...tensors(4), runtime: 'remote', file: 'far/plate' };
const extra: ModelVersion = { ...fakeModel('leaf', 3), ...tensors(9), runtime: 'remote', file: 'far/leaf' };

it('adds the models of its sources, as soon as they have them', () => {
  const found: ModelVersion[] = [];
  const models = new JoinedModels(new FixedModels([shipped]), [{ models: () => found }]);
  expect(models.list()).toEqual([shipped]);
  found.push(extra);
  expect(models.list()).toEqual([shipped, extra]);
  expect([models.byName('leaf'), models.byId(extra.id), models.byId(shipped.id)]).toEqual([extra, extra, shipped]);
});

it('lets a source take a shipped model over, and still finds the shipped one by its id', () => {
  const models = new JoinedModels(new FixedModels([shipped]), [{ models: () => [remote] }]);
  expect(models.list()).toEqual([remote]);
  expect(models.byName('plate')).toBe(remote);
  expect(models.byId(shipped.id)).toBe(shipped);
});

it('keeps the shipped model when the other one has other tensors', () => {
  const other = { ...remote, ...tensors(5) };
  const models = new JoinedModels(new FixedModels([shipped]), [{ models: () => [other] }]);
  expect(models.list()).toEqual([shipped]);
  expect(models.byName('plate')).toBe(shipped);
});

it('names what it knows', () => {
  const models = new JoinedModels(new FixedModels([shipped]), []);
  expect(() => models.byName('leaf')).toThrow(UnknownModelError);
  expect(() => models.byName('leaf')).toThrow(/no model leaf here; known models: plate/);
});
