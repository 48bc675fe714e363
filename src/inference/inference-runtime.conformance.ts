import assert from 'node:assert/strict';
import { itemOf, pairs } from '../../test/support/inference-rig.js';
import type { TensorArena } from './arena/tensor-arena.js';
import type { Device } from './device.js';
import type { InferenceBatchItem, InferenceRuntime, LoadedModel } from './inference-runtime.js';
import { InvalidInferenceError } from './inference.errors.js';
import type { ModelVersion } from './model-version.js';

const TOLERANCE = 1e-5;
/** The first run of a shape may compile shaders: seconds on a GPU, more in software. */
const DEADLINE_MS = 60_000;

/** What an adapter brings to the suite. */
export interface RuntimeUnderTest {
  readonly runtime: InferenceRuntime;
  readonly arena: TensorArena;
  readonly device: Device;
  /** What results name as their provider. */
  readonly provider: string;
  /** Largest difference of an output value between a row alone and in a batch; default 1e-5. */
  readonly tolerance?: number;
  readonly models: {
    /** uint8 [n, 32, 32, 3] -> float32 [n, 3], a trained network. */
    readonly shapes: ModelVersion;
    /** float32 [n, 2] -> float32 [n, 2], y = 2x, at most 8 rows. */
    readonly double: ModelVersion;
    /** y = log(x), of the same shape. */
    readonly log: ModelVersion;
    /** Gives one row whatever it gets. */
    readonly first: ModelVersion;
    /** `double` with a manifest that names another output. */
    readonly misdescribed: ModelVersion;
  };
  close(): Promise<void>;
}

/** One thing that every adapter must do. Rejects with the reason when it does not. */
export interface ConformanceCheck {
  readonly name: string;
  run(subject: RuntimeUnderTest): Promise<void>;
}

/**
 * What every adapter of InferenceRuntime must do, in the order in which it is checked. Plain checks without a test
 * framework: vitest runs them here (`test/support/runtime-conformance.ts`), `npm run gpu:bundle` carries them to hosts
 * that have none.
 */
export const INFERENCE_RUNTIME_CHECKS: readonly ConformanceCheck[] = [
  {
    name: 'describes its devices and gives a reason for everything that is missing',
    async run({ runtime, device }) {
      const description = await runtime.describe();
      assert.equal(description.runtime, runtime.name);
      assert.match(description.version, /\d/);
      assert.ok(
        description.devices.some(({ id }) => id === device.id),
        `no ${device.id} among the devices`,
      );
      for (const { what, why } of description.unavailable) assert.ok(why.length > 5, `no reason for ${what}`);
    },
  },
  {
    name: 'loads a model once, also when asked twice at the same time',
    async run(subject) {
      const [one, two] = await Promise.all([load(subject, 'double'), load(subject, 'double')]);
      assert.equal(two, one);
      assert.equal(await load(subject, 'double'), one);
    },
  },
  {
    name: 'gives every item its own rows, in order',
    async run(subject) {
      const model = await load(subject, 'double');
      const a = await pairs(subject.arena, 'a', [1, 2]);
      const b = await pairs(subject.arena, 'b', [3, 4], [5, 6]);
      const { outputs, device, provider, deviceMs } = await runItems(subject, model, a, b);
      const rows = outputs.map(({ y }) => ({ dims: y?.dims, values: values(y) }));
      assert.deepEqual(rows, [
        { dims: [1, 2], values: [2, 4] },
        { dims: [2, 2], values: [6, 8, 10, 12] },
      ]);
      assert.deepEqual({ device, provider }, { device: subject.device, provider: subject.provider });
      assert.ok(deviceMs > 0);
    },
  },
  {
    name: 'computes the same for a row alone and among others',
    async run(subject) {
      const model = await load(subject, 'shapes');
      const picture = (seed: number) => Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => (i * i * seed) % 256);
      const items = await Promise.all(
        Array.from({ length: 32 }, (_, i) => itemOf(subject.arena, `${i}`, 'uint8', [32, 32, 3], [picture(i + 1)])),
      );
      const together = await runItems(subject, model, ...items);
      for (const [i, item] of items.entries()) {
        const alone = values((await runItems(subject, model, item)).outputs[0]?.['y']);
        const among = values(together.outputs[i]?.['y']);
        assert.equal(among.length, alone.length);
        const difference = Math.max(...among.map((value, k) => Math.abs(value - (alone[k] ?? NaN))));
        assert.ok(difference < (subject.tolerance ?? TOLERANCE), `row ${i} differs by ${difference}`);
      }
    },
  },
  {
    name: 'keeps overlapping batches apart',
    async run(subject) {
      const model = await load(subject, 'double');
      const items = await Promise.all(
        Array.from({ length: 40 }, (_, i) => pairs(subject.arena, `${i}`, [i + 1, i - 50])),
      );
      const results = await Promise.all(items.map((item) => runItems(subject, model, item)));
      assert.deepEqual(
        results.map(({ outputs }) => values(outputs[0]?.['y'])),
        items.map((_, i) => [2 * (i + 1), 2 * (i - 50)]),
      );
    },
  },
  {
    name: 'refuses inputs that do not match the signature, and serves on',
    async run(subject) {
      const { arena } = subject;
      const model = await load(subject, 'double');
      const wide = await itemOf(arena, 'wide', 'float32', [3], [new Float32Array(3)]);
      const integers = await itemOf(arena, 'integers', 'int32', [2], [new Int32Array(2)]);
      const many = await pairs(arena, 'many', ...Array.from({ length: 9 }, (): [number, number] => [0, 0]));
      const short = await itemOf(arena, 'short', 'float32', [2000], [new Float32Array(2)]);
      for (const item of [wide, integers, many, short, { ref: 'empty', inputs: {} }]) {
        await assert.rejects(runItems(subject, model, item), InvalidInferenceError, item.ref);
      }
      await assert.rejects(runItems(subject, model), InvalidInferenceError);
      const { outputs } = await runItems(subject, model, await pairs(arena, 'good', [1, 1]));
      assert.deepEqual(values(outputs[0]?.['y']), [2, 2]);
    },
  },
  {
    name: 'fails the whole batch on a value that is not finite',
    async run(subject) {
      // An overflow: what a GPU makes of the logarithm of a negative number is not defined everywhere.
      const model = await load(subject, 'double');
      const good = await pairs(subject.arena, 'good', [1, 1]);
      const bad = await pairs(subject.arena, 'bad', [1, 3e38]);
      await assert.rejects(runItems(subject, model, good, bad), /not a finite number/);
      assert.deepEqual(values((await runItems(subject, model, good)).outputs[0]?.['y']), [2, 2]);
    },
  },
  {
    name: 'fails the whole batch when the first axis of an output is not the rows sent',
    async run(subject) {
      const model = await load(subject, 'first');
      const rows = await pairs(subject.arena, 'two', [1, 2], [3, 4]);
      await assert.rejects(runItems(subject, model, rows), /for 2 rows/);
    },
  },
  {
    name: 'refuses a model whose tensors are not those of its manifest',
    async run(subject) {
      await assert.rejects(load(subject, 'misdescribed'), /does not have the tensors of its manifest/);
    },
  },
  {
    name: 'warms up over the ladder of batch sizes and fits a cost per row',
    async run(subject) {
      const before = subject.arena.reservedBytes;
      const [profile, ...others] = await subject.runtime.warmUp(await load(subject, 'double'));
      assert.deepEqual(others, []);
      assert.deepEqual(
        profile?.samples.map(({ size }) => size),
        [1, 2, 4, 8],
      );
      assert.ok(profile && profile.a > 0 && profile.c >= 0, `a = ${profile?.a}, c = ${profile?.c}`);
      assert.equal(subject.arena.reservedBytes, before);
    },
  },
  {
    name: 'unloads and loads again',
    async run(subject) {
      const model = await load(subject, 'log');
      await subject.runtime.unload(model);
      await subject.runtime.unload(model);
      const again = await load(subject, 'log');
      assert.notEqual(again, model);
      const { outputs } = await runItems(subject, again, await pairs(subject.arena, 'one', [1, 1]));
      assert.deepEqual(values(outputs[0]?.['y']), [0, 0]);
    },
  },
];

function load({ runtime, models, device }: RuntimeUnderTest, name: keyof RuntimeUnderTest['models']) {
  return runtime.load(models[name], device);
}

function runItems({ runtime }: RuntimeUnderTest, model: LoadedModel, ...items: InferenceBatchItem[]) {
  return runtime.run({ id: 'batch', model, items, deadlineMs: DEADLINE_MS });
}

function values(output: { readonly data: ArrayLike<number | bigint> } | undefined): number[] {
  return Array.from(output?.data ?? [], Number);
}
