import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InferenceRig, itemOf } from '../../../../test/support/inference-rig.js';
import { inferenceRuntimeConformance } from '../../../../test/support/runtime-conformance.js';
import { onnxUnderTest } from '../../../../test/support/runtimes-under-test.js';
import { smallModel } from '../../../../test/support/small-models.js';
import { ShippedModels } from '../../models/shipped-models.js';
import { bucketName } from '../warm-up.js';

const FIXTURES = fileURLToPath(new URL('../../../../test/fixtures/models', import.meta.url));

inferenceRuntimeConformance('OnnxRuntime', () => onnxUnderTest());

describe('OnnxRuntime', () => {
  let rig: InferenceRig;

  beforeAll(() => {
    rig = new InferenceRig();
  });
  afterAll(() => rig.close());

  it('knows no device that describe does not list', async () => {
    const cuda = { id: 'cuda:7', kind: 'cuda', type: 'NVIDIA GPU' } as const;
    await expect(rig.runtime.load(smallModel('double', rig.directory), cuda)).rejects.toThrow(/no device cuda:7/);
  });

  it('does not load native inference code into this process', async () => {
    await rig.runtime.load(smallModel('double', rig.directory), rig.device);
    const report = process.report.getReport() as unknown as { sharedObjects: string[] };
    expect(report.sharedObjects.filter((file) => /onnxruntime|libvips/.test(file))).toEqual([]);
  });

  it('names the bucket of a picture by width x height, as the analyzers do', () => {
    const shapes = new ShippedModels(FIXTURES).byName('shapes');
    const line = { ...shapes, inputs: [{ name: 'x', type: 'uint8', shape: ['n', 32, 192, 1] } as const] };
    expect([bucketName(line, null), bucketName(line, 256)]).toEqual(['192x32', '256']);
  });

  it('measures every shape bucket by itself, and refuses to mix their rows', async () => {
    const model = await rig.runtime.load(smallModel('lengths', rig.directory), rig.device);
    const profiles = await rig.runtime.warmUp(model);
    expect(profiles.map(({ shapeBucket, samples }) => [shapeBucket, samples.length])).toEqual([
      ['16', 4],
      ['64', 4],
    ]);
    const items = await Promise.all(
      [16, 64].map((length) => itemOf(rig.arena, `${length}`, 'float32', [length], [new Float32Array(length).fill(1)])),
    );
    const run = (...picked: typeof items) => rig.runtime.run({ id: 'b', model, items: picked, deadlineMs: 10_000 });
    await expect(run(...items)).rejects.toThrow(/all rows of x must be float32 \[16\]/);
    const [long] = (await run(...items.slice(1))).outputs;
    expect([long?.['y']?.dims, long?.['y']?.data[63]]).toEqual([[1, 64], 2]);
  });

  it('takes answers that are too large for the message channel through the arena, and gives the room back', async () => {
    const wide = {
      ...smallModel('double', rig.directory),
      id: '00000000-0000-8000-8000-000000000000',
      maxBatchSize: 4096,
    };
    const model = await rig.runtime.load(wide, rig.device);
    const rows = Array.from({ length: 4096 }, (_, i) => new Float32Array([i, 1]));
    const item = await itemOf(rig.arena, 'wide', 'float32', [2], rows);
    const before = rig.arena.reservedBytes;
    for (let run = 0; run < 2; run++) {
      const { outputs } = await rig.runtime.run({ id: 'wide', model, items: [item], deadlineMs: 10_000 });
      const data = outputs[0]?.['y']?.data ?? [];
      expect([data.length, data[0], data[8190], data[8191]]).toEqual([8192, 0, 8190, 2]);
    }
    expect(rig.arena.reservedBytes).toBe(before);
  });
});
