import fs from 'node:fs';
import { buildModel } from './build-model.mjs';
import { toOnnx } from './onnx-export.mjs';
import { randomStream } from './rng.mjs';
import { modelPath, SEED } from './slugs.mjs';
import { startTfWasm } from './tf-wasm.mjs';
import { saveTfjs } from './tfjs-files.mjs';
import { trainModel } from './train-loop.mjs';

/** Trains one model from the seed and writes `model.onnx` and `tfjs/`. */
export async function trainArtefacts(slug) {
  const { layers, PIXELS } = await import(`../${slug}/net.mjs`);
  const { drawBatch, training } = await import(`../${slug}/recipe.mjs`);
  const tf = await startTfWasm();
  const model = buildModel(tf, slug, layers, SEED);
  const random = randomStream(SEED);
  trainModel(tf, model, {
    steps: training.steps,
    rate: training.rate,
    draw: (step) => drawBatch(random, training.batchSize, step),
    log: (line) => console.log(`${slug}: ${line}`),
  });
  await saveTfjs(tf, model, modelPath(slug, 'tfjs'));
  fs.writeFileSync(modelPath(slug, 'model.onnx'), toOnnx(tf, model, { pixels: PIXELS, metadata: { model: slug } }));
  model.dispose();
}
