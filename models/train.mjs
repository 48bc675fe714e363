import { parseArgs } from 'node:util';
import { measure } from './training/measure.mjs';
import { SLUGS } from './training/slugs.mjs';
import { trainArtefacts } from './training/train-artefacts.mjs';

/** `node models/train.mjs [slug...] [--measure]`: trains, exports, measures and writes the cards; --measure skips the training. */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { measure: { type: 'boolean' } } });
const unknown = positionals.filter((slug) => !SLUGS.includes(slug));
if (unknown.length) throw new Error(`Unknown model ${unknown.join(', ')}; choose from ${SLUGS.join(', ')}`);

for (const slug of positionals.length ? positionals : SLUGS) {
  if (!values.measure) await trainArtefacts(slug);
  const card = await measure(slug);
  for (const { name, value, target, reached } of card.targets) {
    console.log(`${slug}: ${name} ${value} (target ${target}) ${reached ? 'reached' : 'MISSED'}`);
  }
  if (!card.targetsReached) process.exitCode = 1;
}
