import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publicId, uuidOf } from '../../common/ids.js';
import { UnknownModelError } from './model-catalog.js';
import { ShippedModels } from './shipped-models.js';

const FIXTURES = fileURLToPath(new URL('../../../test/fixtures/models', import.meta.url));

describe('ShippedModels', () => {
  let directory: string;

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'shipped-models-'));
    fs.cpSync(FIXTURES, directory, { recursive: true });
  });
  afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

  it('reads manifests and ignores folders without one', () => {
    fs.mkdirSync(path.join(directory, 'training'));
    const [shapes, ...others] = new ShippedModels(directory).list();
    expect(others).toEqual([]);
    expect(shapes).toMatchObject({
      name: 'shapes',
      version: '1.0.0',
      runtime: 'onnx',
      tenantId: null,
      maxBatchSize: 32,
    });
    expect(shapes?.file).toBe(path.join(directory, 'shapes', 'model.onnx'));
    expect(shapes?.sizeBytes).toBe(fs.statSync(shapes?.file ?? '').size);
  });

  it('derives digest and id from the bytes of the model alone', () => {
    const models = new ShippedModels(directory);
    const shapes = models.byName('shapes');
    const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
    const content = fs.readFileSync(shapes.file);
    expect(shapes.digest).toBe(`sha256:${sha256(`model.onnx ${sha256(content)}\n`)}`);
    expect(shapes.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuidOf('model', publicId('model', shapes.id))).toBe(shapes.id);
    expect(models.byId(shapes.id)).toBe(shapes);
    fs.writeFileSync(shapes.file, Buffer.concat([content, Buffer.from('\n')]));
    expect(new ShippedModels(directory).byName('shapes').id).not.toBe(shapes.id);
  });

  it('serves each model from the preferred artefact, and finds the other one by its id', () => {
    const [onnx, tensorflow] = [['onnx'], ['tensorflow', 'onnx']] as const;
    const first = new ShippedModels(directory, onnx).byName('shapes');
    const models = new ShippedModels(directory, tensorflow);
    const second = models.byName('shapes');
    expect(second).toMatchObject({ runtime: 'tensorflow', file: path.join(directory, 'shapes', 'tfjs', 'model.json') });
    expect(second.inputs[0]?.scale).toBeCloseTo(1 / 255, 9);
    expect(models.list()).toEqual([second]);
    expect(models.byId(first.id)).toEqual(first);
    const weights = path.join(directory, 'shapes', 'tfjs', 'weights.bin');
    expect(second.sizeBytes).toBe(fs.statSync(second.file).size + fs.statSync(weights).size);
    fs.appendFileSync(weights, '\n');
    expect(new ShippedModels(directory, tensorflow).byName('shapes').id).not.toBe(second.id);
  });

  it('leaves a model out that has no artefact for the runtimes that serve', () => {
    const file = path.join(directory, 'shapes', 'manifest.json');
    const { tensorflow: _, ...manifest } = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
    fs.writeFileSync(file, JSON.stringify(manifest));
    expect(new ShippedModels(directory, ['tensorflow']).list()).toEqual([]);
  });

  it('names the known models when one is missing', () => {
    const models = new ShippedModels(directory);
    expect(() => models.byName('faces')).toThrow(UnknownModelError);
    expect(() => models.byId('faces')).toThrow(/known models: shapes/);
    expect(new ShippedModels(path.join(directory, 'missing')).list()).toEqual([]);
  });

  it('refuses a broken manifest and names the file and the fault', () => {
    const file = path.join(directory, 'shapes', 'manifest.json');
    const manifest = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
    fs.writeFileSync(file, JSON.stringify({ ...manifest, file: '../model.onnx', maxBatchSize: 0 }));
    expect(() => new ShippedModels(directory)).toThrow(
      /shapes[/\\]manifest\.json[^]*(maxBatchSize[^]*file|file[^]*maxBatchSize)/,
    );
  });

  it('refuses two models of one name', () => {
    fs.cpSync(path.join(directory, 'shapes'), path.join(directory, 'again'), { recursive: true });
    expect(() => new ShippedModels(directory)).toThrow(/two models .* are called shapes/);
  });
});
