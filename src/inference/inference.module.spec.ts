import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Test } from '@nestjs/testing';
import { expect, it } from 'vitest';
import { drawnPng } from '../../test/support/pictures.js';
import { ConfigModule } from '../config/config.module.js';
import { loadConfig } from '../config/config.js';
import { TensorArena } from './arena/tensor-arena.js';
import { DecoderPool } from './decoder/decoder-pool.js';
import { InferenceModule } from './inference.module.js';
import { ModelStore } from './models/model-catalog.js';
import { RuntimeRegistry } from './runtimes/runtime-registry.js';

const FIXTURES = fileURLToPath(new URL('../../test/fixtures/models', import.meta.url));

it('carries a picture from its bytes to an output, and leaves no process and no file behind', async () => {
  const config = loadConfig({ INFERENCE_DEVICES: 'cpu', INFERENCE_ARENA_MIB: '8', MARU_MASTER_KEY: 'k'.repeat(32) });
  const sections = { ...config, storage: { ...config.storage, modelsDir: FIXTURES } };
  const testing = await Test.createTestingModule({
    imports: [ConfigModule.forRoot(sections), InferenceModule],
  }).compile();
  await testing.init();
  const arena = testing.get(TensorArena);
  const runtime = testing.get(RuntimeRegistry).byName('onnx');
  const [device] = (await runtime.describe()).devices;
  if (!device) throw new Error('there is no device');

  const shapes = testing.get(ModelStore).byName('shapes');
  const model = await runtime.load(shapes, device);
  const png = drawnPng(64, 64, (x, y) => (Math.hypot(x - 32, y - 32) < 20 ? 230 : 20));
  const spec = { mode: 'fill', width: 32, height: 32, channels: 3 } as const;
  const { row } = await testing.get(DecoderPool).decode(png, spec);
  const inputs = { x: { type: 'uint8', rowShape: [32, 32, 3], rows: [row] } } as const;
  const { outputs } = await runtime.run({ id: 'batch', model, items: [{ ref: 'job', inputs }], deadlineMs: 10_000 });
  expect(outputs[0]?.['y']?.dims).toEqual([1, 3]);
  expect(Array.from(outputs[0]?.['y']?.data ?? [], Number).every(Number.isFinite)).toBe(true);
  if (process.platform === 'linux') expect(childrenWithArena(arena.file).length).toBeGreaterThan(1);

  await testing.close();
  expect(fs.existsSync(arena.directory)).toBe(false);
  expect(childrenWithArena(arena.file)).toEqual([]);
});

/** Processes that were told about this arena. */
function childrenWithArena(file: string): string[] {
  if (process.platform !== 'linux') return [];
  return fs.readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) && fs.readFileSync(path.join('/proc', pid, 'environ'), 'utf8').includes(`MARU_ARENA=${file}`)
      );
    } catch {
      return false;
    }
  });
}
