import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InferenceRig, itemOf } from '../../../test/support/inference-rig.js';
import { TensorflowRig } from '../../../test/support/tensorflow-rig.js';
import type { InferenceBatchItem, InferenceRuntime } from '../inference-runtime.js';
import { ShippedModels, type ShippedRuntime } from '../models/shipped-models.js';

const MODELS = fileURLToPath(new URL('../../../models/', import.meta.url));
/** docs/inference.md: probabilities and scores across runtimes. */
const TOLERANCE = 1e-4;
const ROWS = 12;

interface Sample {
  readonly row: Uint8Array | Float32Array;
}

/** The first rows of the held-out stream: the ones that `npm run models:verify` measures too. */
async function heldOut(slug: string): Promise<readonly Sample[]> {
  const { measuringStream, STREAMS } = await import(`${MODELS}training/rng.mjs`);
  const { SEED } = await import(`${MODELS}training/slugs.mjs`);
  const { drawSamples } = await import(`${MODELS}${slug}/evaluate.mjs`);
  return (await drawSamples(measuringStream(SEED + STREAMS.heldOut), ROWS, false)) as readonly Sample[];
}

interface Rig {
  readonly runtime: InferenceRuntime;
  readonly device: InferenceRig['device'];
  readonly arena: InferenceRig['arena'];
  close(): Promise<void>;
}

describe('the models that ship, on both runtimes', () => {
  const rigs: Record<ShippedRuntime, Rig> = { onnx: new InferenceRig(), tensorflow: new TensorflowRig() };

  beforeAll(async () => {
    for (const rig of Object.values(rigs)) expect((await rig.runtime.describe()).devices).toHaveLength(1);
  });
  afterAll(() => Promise.all(Object.values(rigs).map((rig) => rig.close())));

  /** Outputs of every row, run in batches of rows of one length. */
  async function outputsOf(name: string, runtime: ShippedRuntime, samples: readonly Sample[]): Promise<number[][]> {
    const rig = rigs[runtime];
    const version = new ShippedModels(MODELS, [runtime]).byName(name);
    expect(version.runtime).toBe(runtime);
    const model = await rig.runtime.load(version, rig.device);
    const { type, shape } = version.inputs[0] ?? { type: 'uint8', shape: [] };
    const outputs: number[][] = [];
    for (const [length, group] of Map.groupBy(samples.keys(), (i) => samples[i]?.row.length ?? 0)) {
      const rowShape = shape.slice(1).map((dim) => (typeof dim === 'number' ? dim : length));
      const items = await Promise.all(
        group.map((i): Promise<InferenceBatchItem> =>
          itemOf(rig.arena, `${i}`, type, rowShape, [samples[i]?.row ?? new Uint8Array()]),
        ),
      );
      const result = await rig.runtime.run({ id: 'batch', model, items, deadlineMs: 30_000 });
      for (const [k, i] of group.entries()) outputs[i] = Array.from(result.outputs[k]?.['y']?.data ?? [], Number);
      for (const { inputs } of items) for (const row of inputs['x']?.rows ?? []) rig.arena.free(row);
    }
    return outputs;
  }

  it.each([
    ['surface-inspection', 'surface-net'],
    ['digit-reader', 'digit-net'],
    ['signal-anomaly', 'signal-net'],
    ['meter-reader', 'meter-net'],
  ])('%s gives the same on held-out rows', async (slug, name) => {
    const samples = await heldOut(slug);
    const onnx = await outputsOf(name, 'onnx', samples);
    const tensorflow = await outputsOf(name, 'tensorflow', samples);
    expect(onnx).toHaveLength(ROWS);
    for (const [i, values] of onnx.entries()) {
      expect(values.length).toBeGreaterThan(0);
      expect(tensorflow[i]).toHaveLength(values.length);
      const difference = Math.max(...values.map((value, k) => Math.abs(value - (tensorflow[i]?.[k] ?? NaN))));
      expect(difference, `row ${i}`).toBeLessThan(TOLERANCE);
    }
    const spread = new Set(onnx.flat().map((value) => value.toFixed(3))).size;
    expect(spread, 'outputs that are all alike prove nothing').toBeGreaterThan(10);
  });
});
