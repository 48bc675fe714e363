/**
 * `npm run gpu:bundle`: one file with Node, the built server, its packages, PostgreSQL, models, the conformance suite and a
 * self-check, for a Linux x64 host with a GPU and without a network (docs/gpu.md).
 * Usage: npm run gpu:bundle -- [--preset 9] [--vulkan-loader <libvulkan.so.1>]
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bootstrap, root } from '../bootstrap.mjs';
import { buildIfStale } from '../build.mjs';
import { refuse, step } from '../steps.mjs';
import { joinParts, packParts } from './archive.mjs';
import { printTable } from './check/table.mjs';
import { gather } from './gather.mjs';
import { partsOf, sizeTable } from './parts.mjs';

const LIMIT_BYTES = 60 * 2 ** 20;
const OUT = path.join(root, '.data/gpu-bundle');
const TARGET = path.join(OUT, 'maru-gpu-linux-x64.sh');

const { values } = parseArgs({
  options: { preset: { type: 'string', default: '9' }, 'vulkan-loader': { type: 'string' } },
});
if (!/^[1-9]$/.test(values.preset)) refuse('--preset is a digit from 1 (quick) to 9 (small).');
if (process.platform !== 'linux' || process.arch !== 'x64')
  refuse('The bundle is made on Linux x64: it holds binaries of the machine that makes it.');
await bootstrap();
await buildIfStale();
await make();

async function make() {
  const stage = path.join(OUT, 'stage');
  fs.rmSync(OUT, { recursive: true, force: true });
  let files = [];
  await stepOf('Gathering', async () => (files = await gather(root, stage, values['vulkan-loader'])));
  let packed = [];
  const scratch = path.join(OUT, 'parts');
  await stepOf('Packing', async () => (packed = await packParts(stage, partsOf(files), scratch, values.preset)));
  const headBytes = joinParts(TARGET, path.join(import.meta.dirname, 'unpack.sh'), packed);
  for (const folder of [stage, scratch]) fs.rmSync(folder, { recursive: true });
  printTable('What is in it', sizeTable(packed, headBytes));
  const { size } = fs.statSync(TARGET);
  if (size > LIMIT_BYTES) refuse(`It has ${size} bytes; the limit is ${LIMIT_BYTES}.`);
  console.log(`\n${path.relative(root, TARGET)}\nOn the host: sh ${path.basename(TARGET)}`);
}

async function stepOf(label, work) {
  const settled = async () => {
    try {
      await work();
      return { code: 0, output: '' };
    } catch (error) {
      return { code: 1, output: error.stack };
    }
  };
  const { ok } = await step(label, settled);
  if (!ok) refuse('The bundle was not made.');
}
