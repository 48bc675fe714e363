import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itemOf, pairs } from '../../test/support/inference-rig.js';
import type { TensorArena } from './arena/tensor-arena.js';
import type { Device } from './device.js';
import type { InferenceBatchItem, InferenceRuntime, LoadedModel } from './inference-runtime.js';
import { InvalidInferenceError } from './inference.errors.js';
import type { ModelVersion } from './model-version.js';

/** What an adapter brings to the suite. */
export interface RuntimeUnderTest {
  readonly runtime: InferenceRuntime;
  readonly arena: TensorArena;
  readonly device: Device;
  /** What results name as their provider. */
  readonly provider: string;
  readonly models: {
    /** uint8 [n, 32, 32, 3] -> float32 [n, 3], a trained network. */
    readonly shapes: ModelVersion;
    /** float32 [n, 2] -> float32 [n, 2], y = 2x, at most 8 rows. */
    readonly double: ModelVersion;
    /** y = log(x): NaN for a negative value. */
    readonly log: ModelVersion;
    /** Gives one row whatever it gets. */
    readonly first: ModelVersion;
    /** `double` with a manifest that names another output. */
    readonly misdescribed: ModelVersion;
  };
  close(): Promise<void>;
}

/** What every adapter of InferenceRuntime must do. */
export function inferenceRuntimeConformance(name: string, create: () => Promise<RuntimeUnderTest>): void {
  describe(`${name} as an InferenceRuntime`, () => {
    let it_: RuntimeUnderTest;
    const run = (model: LoadedModel, ...items: InferenceBatchItem[]) =>
      it_.runtime.run({ id: 'batch', model, items, deadlineMs: 10_000 });
    const load = (model: keyof RuntimeUnderTest['models']) => it_.runtime.load(it_.models[model], it_.device);
    const values = (output: { readonly data: ArrayLike<number | bigint> } | undefined) =>
      Array.from(output?.data ?? [], Number);

    beforeAll(async () => {
      it_ = await create();
    });
    afterAll(() => it_.close());

    it('describes its devices and gives a reason for everything that is missing', async () => {
      const description = await it_.runtime.describe();
      expect(description.runtime).toBe(it_.runtime.name);
      expect(description.version).toMatch(/\d/);
      expect(description.devices.map(({ id }) => id)).toContain(it_.device.id);
      for (const { why } of description.unavailable) expect(why.length).toBeGreaterThan(5);
    });

    it('loads a model once, also when asked twice at the same time', async () => {
      const [one, two] = await Promise.all([load('double'), load('double')]);
      expect(two).toBe(one);
      expect(await load('double')).toBe(one);
    });

    it('gives every item its own rows, in order', async () => {
      const model = await load('double');
      const a = await pairs(it_.arena, 'a', [1, 2]);
      const b = await pairs(it_.arena, 'b', [3, 4], [5, 6]);
      const { outputs, device, provider, deviceMs } = await run(model, a, b);
      expect(outputs.map(({ y }) => [y?.dims, values(y)])).toEqual([
        [
          [1, 2],
          [2, 4],
        ],
        [
          [2, 2],
          [6, 8, 10, 12],
        ],
      ]);
      expect({ device, provider }).toEqual({ device: it_.device, provider: it_.provider });
      expect(deviceMs).toBeGreaterThan(0);
    });

    it('computes the same for a row alone and among others', async () => {
      const model = await load('shapes');
      const picture = (seed: number) => Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => (i * i * seed) % 256);
      const items = await Promise.all(
        Array.from({ length: 32 }, (_, i) => itemOf(it_.arena, `${i}`, 'uint8', [32, 32, 3], [picture(i + 1)])),
      );
      const together = await run(model, ...items);
      for (const [i, item] of items.entries()) {
        const alone = values((await run(model, item)).outputs[0]?.['y']);
        values(together.outputs[i]?.['y']).forEach((value, k) =>
          expect(Math.abs(value - (alone[k] ?? NaN))).toBeLessThan(1e-5),
        );
      }
    });

    it('keeps overlapping batches apart', async () => {
      const model = await load('double');
      const items = await Promise.all(Array.from({ length: 40 }, (_, i) => pairs(it_.arena, `${i}`, [i + 1, i - 50])));
      const results = await Promise.all(items.map((item) => run(model, item)));
      expect(results.map(({ outputs }) => values(outputs[0]?.['y']))).toEqual(
        items.map((_, i) => [2 * (i + 1), 2 * (i - 50)]),
      );
    });

    it('refuses inputs that do not match the signature, and serves on', async () => {
      const model = await load('double');
      const wide = await itemOf(it_.arena, 'wide', 'float32', [3], [new Float32Array(3)]);
      const integers = await itemOf(it_.arena, 'integers', 'int32', [2], [new Int32Array(2)]);
      const many = await pairs(it_.arena, 'many', ...Array.from({ length: 9 }, (): [number, number] => [0, 0]));
      const short = await itemOf(it_.arena, 'short', 'float32', [2000], [new Float32Array(2)]);
      for (const item of [wide, integers, many, short, { ref: 'empty', inputs: {} }]) {
        await expect(run(model, item), item.ref).rejects.toThrow(InvalidInferenceError);
      }
      await expect(run(model)).rejects.toThrow(InvalidInferenceError);
      const { outputs } = await run(model, await pairs(it_.arena, 'good', [1, 1]));
      expect(values(outputs[0]?.['y'])).toEqual([2, 2]);
    });

    it('fails the whole batch on a value that is not finite', async () => {
      const model = await load('log');
      const good = await pairs(it_.arena, 'good', [1, 1]);
      const bad = await pairs(it_.arena, 'bad', [1, -1]);
      await expect(run(model, good, bad)).rejects.toThrow(/not a finite number/);
      expect(values((await run(model, good)).outputs[0]?.['y'])).toEqual([0, 0]);
    });

    it('fails the whole batch when the first axis of an output is not the rows sent', async () => {
      const model = await load('first');
      const rows = await pairs(it_.arena, 'two', [1, 2], [3, 4]);
      await expect(run(model, rows)).rejects.toThrow(/for 2 rows/);
    });

    it('refuses a model whose tensors are not those of its manifest', async () => {
      await expect(load('misdescribed')).rejects.toThrow(/does not have the tensors of its manifest/);
    });

    it('warms up over the ladder of batch sizes and fits a cost per row', async () => {
      const before = it_.arena.reservedBytes;
      const [profile, ...others] = await it_.runtime.warmUp(await load('double'));
      expect(others).toEqual([]);
      expect(profile?.samples.map(({ size }) => size)).toEqual([1, 2, 4, 8]);
      expect(profile?.a).toBeGreaterThan(0);
      expect(profile?.c).toBeGreaterThanOrEqual(0);
      expect(it_.arena.reservedBytes).toBe(before);
    });

    it('unloads and loads again', async () => {
      const model = await load('log');
      await it_.runtime.unload(model);
      await it_.runtime.unload(model);
      const again = await load('log');
      expect(again).not.toBe(model);
      const { outputs } = await run(again, await pairs(it_.arena, 'one', [1, 1]));
      expect(values(outputs[0]?.['y'])).toEqual([0, 0]);
    });
  });
}
