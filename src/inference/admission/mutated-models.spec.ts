import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostileModels } from '../../../test/support/hostile-models.js';
import { InferenceRig } from '../../../test/support/inference-rig.js';
import { mutated } from '../../../test/support/mutations.js';
import { seededRandom } from '../../../test/support/seeded-random.js';
import { SMALL_MODELS, smallModel } from '../../../test/support/small-models.js';
import { InvalidInferenceError } from '../inference.errors.js';
import { ModelRefusal } from './model-refusal.js';
import { inspectOnnx } from './onnx-inspector.js';
import { inspectTfjs } from './tfjs-inspector.js';

/** How many damaged files; `npm run fuzz:models -- --count N --seed S` asks for more of them. */
const COUNT = Number(process.env['FUZZ_COUNT'] ?? 5_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
/** Of the files that the inspection lets pass, this many go through a real engine; all of them when more were asked for. */
const ENGINE_COUNT = process.env['FUZZ_COUNT'] === undefined ? 150 : Infinity;

const SHIPPED = fileURLToPath(new URL('../../../models/signal-anomaly/', import.meta.url));

let rig: InferenceRig;

beforeAll(() => {
  rig = new InferenceRig();
});
afterAll(() => rig.close());

it(`refuses or accepts ${COUNT} damaged ONNX files, and no engine dies of them`, { timeout: 3_600_000 }, async () => {
  const random = seededRandom(SEED);
  const originals = [
    ...Object.values(SMALL_MODELS).map((make) => make()),
    hostileModels()['good']?.file ?? Buffer.alloc(0),
    hostileModels()['tileBomb']?.file ?? Buffer.alloc(0),
    fs.readFileSync(path.join(SHIPPED, 'model.onnx')),
  ];
  await rig.runtime.load(smallModel('double', rig.directory), rig.device);
  const pid = rig.runtime.enginePids().get('cpu:0');
  const model = smallModel('double', rig.directory, 'mutant');
  const counts = { refused: 0, loaded: 0, notLoaded: 0 };
  for (let i = 0; i < COUNT; i++) {
    const file = mutated(originals[i % originals.length] ?? Buffer.alloc(0), random);
    try {
      inspectOnnx(file);
    } catch (error) {
      expect(error, `seed ${SEED}, file ${i}`).toBeInstanceOf(ModelRefusal);
      counts.refused += 1;
      continue;
    }
    if (counts.loaded + counts.notLoaded >= ENGINE_COUNT) continue;
    fs.writeFileSync(model.file, file);
    const loading = rig.runtime.load({ ...model, id: `mutant-${i}` }, rig.device);
    const loaded = await loading.catch((error: unknown) => {
      expect(error, `seed ${SEED}, file ${i}`).toBeInstanceOf(InvalidInferenceError);
      return null;
    });
    counts[loaded ? 'loaded' : 'notLoaded'] += 1;
    if (loaded) await rig.runtime.unload(loaded);
  }
  process.stdout.write(`seed ${SEED}: ${JSON.stringify({ files: COUNT, ...counts, engineDeaths: 0 })}\n`);
  expect(rig.runtime.enginePids().get('cpu:0'), `seed ${SEED}`).toBe(pid);
  expect(counts.refused).toBeGreaterThan(COUNT / 4);
  expect(counts.loaded + counts.notLoaded).toBeGreaterThan(0);
});

it('refuses or accepts damaged TensorFlow.js models, and throws nothing else', () => {
  const random = seededRandom(SEED + 1);
  const directory = path.join(SHIPPED, 'tfjs');
  const original = fs.readFileSync(path.join(directory, 'model.json'));
  const sizes = new Map(fs.readdirSync(directory).map((name) => [name, fs.statSync(path.join(directory, name)).size]));
  const count = COUNT / 5;
  let refused = 0;
  for (let i = 0; i < count; i++) {
    try {
      inspectTfjs(mutated(original, random).toString('utf8'), sizes);
    } catch (error) {
      expect(error, `seed ${SEED}, file ${i}`).toBeInstanceOf(ModelRefusal);
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(count / 4);
});
