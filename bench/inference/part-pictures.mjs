import os from 'node:os';
import { median, printTable, rounded, verdict } from '../jobs/figures.mjs';
import { Server } from '../jobs/server.mjs';
import { BarePictures } from './bare-pictures.mjs';
import { KINDS, pictureFiles } from './picture-files.mjs';
import { PlatformPictures } from './platform-pictures.mjs';
import { Rig } from './rig.mjs';

const FILES = 12;
const WANTED = 0.9;
const ROLES = ['decoder', 'engine cpu:0', 'worker', 'postgres', 'others', 'idle'];
const cpus = os.availableParallelism();

/** Picture jobs that one worker works off, next to bare loops that decode and run on the same cores, in turn. */
export async function pictures(size) {
  const model = modelFile();
  const server = await Server.start();
  const rows = [];
  try {
    for (const [i, kind] of Object.keys(KINDS).entries())
      rows.push(await compare(server, `pictures_${i}`, kind, model, size));
  } finally {
    await server.stop();
  }
  const rates = rows.map((row) => row.rates);
  printTable('Pictures a second: jobs worked off by one worker, and bare loops on all cores', rates);
  printTable(
    'Processor time of a picture, ms: of a bare loop, and of the processes that a job goes through',
    rows.map(({ spent }) => spent),
  );
  const verdicts = rates.map(({ picture, 'of bare': share }) =>
    verdict(`${picture}: jobs of bare loops`, `${share}x`, `${WANTED}x`, share >= WANTED),
  );
  return { rows, verdicts };
}

async function compare(server, name, kind, model, size) {
  const files = await pictureFiles(kind, FILES);
  const bare = new BarePictures();
  const platform = await PlatformPictures.start(server, name);
  const [direct, drained] = [[], []];
  let batch = 0;
  try {
    await bare.prepare(model, files);
    await platform.upload(files);
    for (let i = 0; i < size.repeats; i++) {
      const best = await bare.best(size.direct);
      direct.push(best.rate);
      ({ batch } = best);
      drained.push(await platform.drain(size.jobs));
    }
  } finally {
    await bare.close();
    await platform.close();
  }
  const [bareRate, jobRate] = [median(direct), median(drained.map(({ rate }) => rate))];
  const rates = {
    picture: kind,
    KiB: Math.round(files[0].length / 1_024),
    'bare/s': rounded(bareRate),
    'best batch': batch,
    'jobs/s': rounded(jobRate),
    'of bare': rounded(jobRate / bareRate),
  };
  return { rates, spent: { picture: kind, bare: rounded((cpus * 1_000) / bareRate), ...perJobOf(drained) } };
}

/** Processor time of each role for a job, ms: medians of the drains. */
function perJobOf(drained) {
  return Object.fromEntries(
    ROLES.map((role) => [role, rounded(median(drained.map(({ perJob }) => perJob[role] ?? 0)))]),
  );
}

function modelFile() {
  const rig = new Rig();
  const { file } = rig.models.byName('surface-net');
  rig.arena.close();
  return file;
}
