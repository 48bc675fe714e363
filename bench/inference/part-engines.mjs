import { median, printTable, rounded, verdict } from '../jobs/figures.mjs';
import { messageMs } from './bare-messages.mjs';
import { ChildLink } from './child-link.mjs';
import { Rig, sampleRows } from './rig.mjs';

const SIZES = [1, 2, 4, 8, 16, 32];
const MODELS = ['surface-net', 'digit-net', 'signal-net'];
const WARM_UP = 3;
const RUNS = 5;
const LIMIT_PERCENT = 10;

/** One batch through the engine process and the arena, next to a bare run of the same rows in a process of its own. */
export async function engines(size) {
  const rig = new Rig();
  const rows = [];
  const messages = [await messageMs(size.rounds * RUNS)];
  try {
    for (const name of MODELS.filter((known) => rig.models.list().some((model) => model.name === known)))
      for (const row of await compare(rig, name, size.rounds)) rows.push(row);
    messages.push(await messageMs(size.rounds * RUNS));
  } finally {
    await rig.close();
  }
  printTable('One batch through the engine process next to a bare run, ms (medians of rounds in turn)', rows);
  const message = rounded(median(messages));
  console.log(`An empty message to such a process and its answer: ${message} ms`);
  const worst = Math.max(...rows.filter(({ batch }) => batch === 8).map((row) => row['engine adds %']));
  const verdicts = [verdict('engine overhead at batch 8', `${worst} %`, `${LIMIT_PERCENT} %`, worst <= LIMIT_PERCENT)];
  return { rows, message, verdicts };
}

async function compare(rig, name, rounds) {
  const model = rig.models.byName(name);
  const loaded = await rig.load(name);
  const bare = new ChildLink(new URL('./bare-runs-child.mjs', import.meta.url));
  const rows = [];
  try {
    await bare.ask({ file: model.file });
    const samples = sampleRows(model, SIZES.at(-1));
    const items = await rig.items(model, samples);
    for (const batch of SIZES) {
      const used = samples.slice(0, batch);
      await bare.ask({ batch: joined(model, used), times: WARM_UP });
      const times = await inTurn(rounds, bare, () => timed(() => rig.run(loaded, items.slice(0, batch))));
      rows.push({ model: name, batch, ...times });
    }
  } finally {
    await bare.close();
    await rig.runtime.unload(loaded);
  }
  return rows;
}

async function inTurn(rounds, bare, run) {
  const [direct, engine] = [[], []];
  for (let i = 0; i < WARM_UP; i++) await run();
  for (let round = 0; round < rounds; round++) {
    direct.push(median(await bare.ask({ times: RUNS })));
    const own = [];
    for (let i = 0; i < RUNS; i++) own.push(await run());
    engine.push(median(own));
  }
  const [bareMs, engineMs] = [median(direct), median(engine)];
  return {
    'bare ms': rounded(bareMs),
    'engine ms': rounded(engineMs),
    'adds ms': rounded(engineMs - bareMs),
    'engine adds %': Math.round((engineMs / bareMs - 1) * 100),
  };
}

function joined({ inputs: [{ type }] }, rows) {
  const length = rows[0].values.length;
  const values = new rows[0].values.constructor(length * rows.length);
  rows.forEach((row, i) => values.set(row.values, i * length));
  return { type, values, dims: [rows.length, ...rows[0].rowShape] };
}

async function timed(work) {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
