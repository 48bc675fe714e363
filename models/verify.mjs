import fs from 'node:fs';
import { describeArtefacts, MAX_BYTES } from './training/artefacts.mjs';
import { drawStream, loadEvaluation, NOTICE } from './training/measure.mjs';
import { largestDifference, onnxRunner, tfjsRunner } from './training/runners.mjs';
import { modelPath, SLUGS } from './training/slugs.mjs';

/** How far a figure may be from the card's and how far the runtimes may be apart. */
const FIGURE_TOLERANCE = 0.02;
const RUNTIME_TOLERANCE = 1e-4;

function checkFiles(slug, card) {
  const problems = card.notice === NOTICE ? [] : ['the card lacks its notice'];
  for (const actual of describeArtefacts(slug)) {
    const expected = card.artefacts.find(({ file }) => file === actual.file);
    if (actual.bytes >= MAX_BYTES) problems.push(`${actual.file} has ${actual.bytes} bytes, at most ${MAX_BYTES}`);
    if (expected?.sha256 !== actual.sha256) problems.push(`${actual.file} is not the file of the card`);
  }
  return problems;
}

/** Names of the figures that differ, nested ones with a dot. */
function differing(expected, actual, prefix = '') {
  return Object.entries(expected).flatMap(([name, value]) => {
    if (typeof value === 'object') return differing(value, actual[name] ?? {}, `${prefix}${name}.`);
    const close = Math.abs(value - actual[name]) <= FIGURE_TOLERANCE;
    return close ? [] : [`${prefix}${name} is ${actual[name]}, the card says ${value}`];
  });
}

async function checkOutputs(slug, card) {
  const evaluation = await loadEvaluation(slug);
  const { figures, threshold, ROW_SHAPE, ROW_TYPE } = evaluation;
  const samples = await drawStream(evaluation, 'heldOut', card.verification.samples);
  const rows = samples.map(({ row }) => row);
  const outputs = await (await onnxRunner(slug, ROW_SHAPE, ROW_TYPE))(rows);
  const others = await (await tfjsRunner(slug, ROW_SHAPE, ROW_TYPE))(rows);
  const difference = largestDifference(outputs, others);
  const problems = differing(card.verification.figures, await figures(samples, outputs, threshold));
  if (!(difference <= RUNTIME_TOLERANCE)) problems.push(`the runtimes differ by ${difference}`);
  if (card.threshold.value !== threshold)
    problems.push(`the product's threshold is ${threshold}, the card says ${card.threshold.value}`);
  return problems;
}

for (const slug of SLUGS) {
  const card = JSON.parse(fs.readFileSync(modelPath(slug, 'card.json'), 'utf8'));
  const problems = [...checkFiles(slug, card), ...(await checkOutputs(slug, card))];
  console.log(`${slug}: ${problems.length ? 'WRONG' : 'ok'}`);
  for (const problem of problems) console.log(`  ${problem}`);
  if (problems.length) process.exitCode = 1;
}
