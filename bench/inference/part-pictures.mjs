import { median, printTable, rounded, verdict } from '../jobs/figures.mjs';
import { Server } from '../jobs/server.mjs';
import { BarePictures } from './bare-pictures.mjs';
import { KINDS, pictureFiles } from './picture-files.mjs';
import { PlatformPictures } from './platform-pictures.mjs';
import { Rig } from './rig.mjs';

const FILES = 12;
const WANTED = 0.9;

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
  printTable('Pictures a second: jobs worked off by one worker, and bare loops on all cores', rows);
  const verdicts = rows.map(({ picture, 'of bare': share }) =>
    verdict(`${picture}: jobs of bare loops`, `${share}x`, `${WANTED}x`, share >= WANTED),
  );
  return { rows, verdicts };
}

async function compare(server, name, kind, model, size) {
  const files = await pictureFiles(kind, FILES);
  const bare = new BarePictures();
  const platform = await PlatformPictures.start(server, name);
  const [direct, jobs] = [[], []];
  let batch = 0;
  try {
    await bare.prepare(model, files);
    await platform.upload(files);
    for (let i = 0; i < size.repeats; i++) {
      const best = await bare.best(size.direct);
      direct.push(best.rate);
      ({ batch } = best);
      jobs.push(await platform.drain(size.jobs));
    }
  } finally {
    await bare.close();
    await platform.close();
  }
  const [bareRate, jobRate] = [median(direct), median(jobs)];
  return {
    picture: kind,
    KiB: Math.round(files[0].length / 1_024),
    'bare/s': rounded(bareRate),
    'best batch': batch,
    'jobs/s': rounded(jobRate),
    'of bare': rounded(jobRate / bareRate),
  };
}

function modelFile() {
  const rig = new Rig();
  const { file } = rig.models.byName('surface-net');
  rig.arena.close();
  return file;
}
