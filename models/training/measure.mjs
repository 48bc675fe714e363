import fs from 'node:fs';
import { describeArtefacts } from './artefacts.mjs';
import { measuringStream, STREAMS } from './rng.mjs';
import { largestDifference, onnxRunner, tfjsRunner } from './runners.mjs';
import { modelPath, SEED } from './slugs.mjs';

export const NOTICE = 'trained on drawn data only; not validated on real pictures or machines; do not use for safety';

/** How many samples each stream gives; verify.mjs repeats the first VERIFIED of the held-out ones. */
const COUNTS = { validation: 300, heldOut: 600, harder: 300 };
export const VERIFIED = 60;

/** The parts of a model that measuring needs. */
export async function loadEvaluation(slug) {
  const evaluation = await import(`../${slug}/evaluate.mjs`);
  const { DEFAULT_THRESHOLD } = await import(`../../src/analyzers/${slug}/threshold.ts`);
  return { ...evaluation, threshold: DEFAULT_THRESHOLD };
}

/** Samples of one named stream. */
export function drawStream(evaluation, stream, count) {
  return evaluation.drawSamples(measuringStream(SEED + STREAMS[stream]), count, stream === 'harder');
}

function judge(targets, figures) {
  return targets.map(({ name, atLeast, atMost }) => {
    const value = figures[name];
    const reached = atLeast === undefined ? value <= atMost : value >= atLeast;
    return { name, target: atLeast === undefined ? `<= ${atMost}` : `>= ${atLeast}`, value, reached };
  });
}

function parametersOf(slug) {
  const { weightsManifest } = JSON.parse(fs.readFileSync(modelPath(slug, 'tfjs/model.json'), 'utf8'));
  return weightsManifest[0].weights.reduce((sum, w) => sum + w.shape.reduce((product, size) => product * size, 1), 0);
}

/** Measures the shipped files of one model with the product's decision code and writes its card. */
export async function measure(slug) {
  const evaluation = await loadEvaluation(slug);
  const { figures, suggestThreshold, threshold, ROW_SHAPE, ROW_TYPE } = evaluation;
  const { ABOUT, SAMPLE_COUNT } = await import(`../${slug}/about.mjs`);
  const onnx = await onnxRunner(slug, ROW_SHAPE, ROW_TYPE);
  const tfjs = await tfjsRunner(slug, ROW_SHAPE, ROW_TYPE);
  const results = {};
  for (const [stream, count] of Object.entries(COUNTS)) {
    const samples = await drawStream(evaluation, stream, count);
    results[stream] = { samples, outputs: await onnx(samples.map(({ row }) => row)) };
  }
  const { validation, heldOut, harder } = results;
  const part = (list) => list.slice(0, VERIFIED);
  const rows = part(heldOut.samples).map(({ row }) => row);
  const difference = largestDifference(part(heldOut.outputs), await tfjs(rows));
  const held = await figures(heldOut.samples, heldOut.outputs, threshold);
  const targets = judge(evaluation.TARGETS, held);
  const manifest = JSON.parse(fs.readFileSync(modelPath(slug, 'manifest.json'), 'utf8'));
  const card = {
    name: manifest.name,
    version: manifest.version,
    notice: NOTICE,
    ...ABOUT,
    seed: SEED,
    samples: { training: SAMPLE_COUNT, ...COUNTS },
    parameters: parametersOf(slug),
    artefacts: describeArtefacts(slug),
    threshold: {
      value: threshold,
      bestOnValidation: suggestThreshold(validation.samples, validation.outputs),
      chosenBy: evaluation.THRESHOLD_RULE,
    },
    targets,
    targetsReached: targets.every(({ reached }) => reached),
    heldOut: held,
    harder: await figures(harder.samples, harder.outputs, threshold),
    verification: {
      samples: VERIFIED,
      figures: await figures(part(heldOut.samples), part(heldOut.outputs), threshold),
    },
    agreement: {
      runtimes: ['onnx', 'tensorflow-wasm'],
      rows: VERIFIED,
      largestDifference: Number(difference.toExponential(1)),
    },
  };
  fs.writeFileSync(modelPath(slug, 'card.json'), `${JSON.stringify(card, null, 2)}\n`);
  return card;
}
