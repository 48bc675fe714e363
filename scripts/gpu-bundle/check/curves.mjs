import { bucketName } from '../../../dist/src/inference/runtimes/warm-up.js';
import { Rig } from './rig.mjs';
import { figure, percentile, printTable } from './table.mjs';

const SIZES = [1, 2, 4, 8, 16, 32];
/** Runs of a size that do not count: shaders are compiled, buffers grow. */
const DROPPED_RUNS = 2;
const MAX_RUNS = 25;
const MIN_RUNS = 3;
const SIZE_BUDGET_MS = 600;
/** Longest climb of one model; at least two sizes are measured whatever they take. */
const CLIMB_BUDGET_MS = 8_000;
const DEADLINE_MS = 60_000;

/** The batching curve of each model that ships: ms of a batch by its size, end to end through engine process and arena. */
export async function curves(root, target, verdicts) {
  const rig = new Rig(root, target.runtime, target.wanted);
  try {
    const [device] = (await rig.runtime.describe()).devices;
    const measured = [];
    for (const model of rig.models.list())
      for (const bucket of model.buckets?.sizes ?? [null]) measured.push(await curve(rig, device, model, bucket));
    for (const { model, bucket, points } of measured)
      verdicts.add('batching', `${target.name}: ${model} ${bucket}`, 'passed', summary(points));
    printTable(`Batching on ${target.name}: median ms of a batch (rows a second)`, measured.map(rowOf));
    return measured;
  } finally {
    await rig.close();
  }
}

async function curve(rig, device, model, bucket) {
  const loaded = await rig.runtime.load(model, device);
  const rows = await placeRows(rig.arena, model, bucket);
  const points = [];
  const until = performance.now() + CLIMB_BUDGET_MS;
  for (const size of SIZES.filter((wanted) => wanted <= model.maxBatchSize)) {
    if (points.length >= 2 && performance.now() > until) break;
    const items = rows.slice(0, size);
    const ms = await medianMs(() => rig.runtime.run({ id: 'curve', model: loaded, items, deadlineMs: DEADLINE_MS }));
    points.push({ size, ms, rowsPerSecond: (size / ms) * 1_000 });
  }
  for (const { inputs } of rows) for (const row of Object.values(inputs)[0].rows) rig.arena.free(row);
  await rig.runtime.unload(loaded);
  return { model: model.name, bucket: bucketName(model, bucket), loadMs: loaded.loadMs, points };
}

async function medianMs(work) {
  for (let i = 0; i < DROPPED_RUNS; i++) await work();
  const times = [];
  const until = performance.now() + SIZE_BUDGET_MS;
  while (times.length < MIN_RUNS || (times.length < MAX_RUNS && performance.now() < until)) {
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
  }
  return percentile(times, 0.5);
}

/** One-row items that differ, of the model's only input. */
async function placeRows(arena, { inputs: [{ name, type, shape }] }, bucket) {
  const rowShape = shape.slice(1).map((dim) => (typeof dim === 'number' ? dim : bucket));
  const length = rowShape.reduce((product, dim) => product * dim, 1);
  return Promise.all(
    Array.from({ length: SIZES.at(-1) }, async (_, n) => {
      const values =
        type === 'uint8'
          ? Uint8Array.from({ length }, (_value, i) => (i * 31 + n * 97 + ((i >> 7) * 13) ** 2) % 256)
          : Float32Array.from({ length }, (_value, i) => Math.sin(i / 9 + n) + Math.sin(i / 70));
      const row = await arena.allocate(values.byteLength);
      arena.write(row, values);
      return { ref: String(n), inputs: { [name]: { type, rowShape, rows: [row] } } };
    }),
  );
}

function summary(points) {
  const [first, last] = [points[0], points.at(-1)];
  const gain = last.rowsPerSecond / first.rowsPerSecond;
  return `${figure(first.ms)} ms at ${first.size}, ${figure(last.ms)} ms at ${last.size}: ${figure(gain)} times the rows a second`;
}

function rowOf({ model, bucket, loadMs, points }) {
  const cells = points.map(({ size, ms, rowsPerSecond }) => [`b=${size}`, `${figure(ms)} (${figure(rowsPerSecond)})`]);
  return { model, bucket, 'load ms': Math.round(loadMs), ...Object.fromEntries(cells) };
}
