import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { IsolatedProcess } from '../../dist/src/inference/engine/isolated-process.js';
import { median } from '../jobs/figures.mjs';

const WARM_UP = 50;
const LIMIT_MS = 10_000;

/** Median time of a message to an engine-like process and its answer, ms: what no engine process can be without. */
export async function messageMs(count) {
  const child = await IsolatedProcess.start({
    title: 'maru echo',
    entry: new URL('./echo-child.mjs', import.meta.url),
    workingDirectory: fs.mkdtempSync(path.join(os.tmpdir(), 'maru-echo-')),
    environment: {},
    addressSpaceBytes: null,
    isBackground: true,
  });
  const feed = {
    name: 'x',
    type: 'uint8',
    dims: [8, 128, 128, 1],
    rowBytes: 16_384,
    offsets: [0, 1, 2, 3, 4, 5, 6, 7],
  };
  const request = { key: 'model', feeds: [feed], room: null };
  const times = [];
  for (let i = 0; i < WARM_UP + count; i++) {
    const from = performance.now();
    await child.ask('echo', request, LIMIT_MS);
    times.push(performance.now() - from);
  }
  await child.stop();
  return median(times.slice(WARM_UP));
}
