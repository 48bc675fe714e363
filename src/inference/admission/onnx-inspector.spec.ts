import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hostileModels } from '../../../test/support/hostile-models.js';
import { SMALL_MODELS } from '../../../test/support/small-models.js';
import { ONNX_LIMITS } from './inspection-limits.js';
import { ModelRefusal } from './model-refusal.js';
import { inspectOnnx } from './onnx-inspector.js';

const SHIPPED = fileURLToPath(new URL('../../../models/surface-inspection/model.onnx', import.meta.url));

describe('inspectOnnx', () => {
  it.each(Object.entries(hostileModels()))('judges %s', (_name, { file, expect: expected }) => {
    if (expected === 'accept') return void expect(inspectOnnx(file).nodes).toBeGreaterThan(0);
    const inspect = () => inspectOnnx(file);
    expect(inspect).toThrow(ModelRefusal);
    expect(inspect).toThrow(expected);
  });

  it('reads the signature of a file', () => {
    expect(inspectOnnx(SMALL_MODELS.double())).toEqual({
      nodes: 1,
      weights: 0,
      operators: ['Add'],
      inputs: [{ name: 'x', type: 'float32', shape: ['n', 2] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['n', 2] }],
    });
  });

  it('accepts a shipped model', () => {
    const { inputs, outputs, weights } = inspectOnnx(fs.readFileSync(SHIPPED));
    expect(inputs?.[0]?.type).toBe('uint8');
    expect(outputs?.[0]?.shape?.slice(1)).toEqual([16, 16, 5]);
    expect(weights).toBeGreaterThan(10_000);
  });

  it('bounds its own work', () => {
    const limits = { ...ONNX_LIMITS, maxFields: 20 };
    expect(() => inspectOnnx(SMALL_MODELS.double(), limits)).toThrow(/too many fields/);
    expect(() => inspectOnnx(SMALL_MODELS.double(), { ...ONNX_LIMITS, maxBytes: 10 })).toThrow(/at most 10/);
  });
});
