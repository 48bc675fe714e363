import { median, printTable, rounded, verdict } from './figures.mjs';
import { timed } from './part-pipelines.mjs';
import { startSubmission } from './product.mjs';
import { Submitters } from './submit.mjs';

/** Submits alone: durable jobs per second of CPU, through the writer and one by one. */
export async function submits({ place, few, size }) {
  const app = await startSubmission(place.config);
  const submitters = new Submitters(app, place.config, few);
  const cases = [64, 256].flatMap((callers) => [
    { name: `writer, ${callers} callers`, way: 'batched', callers, jobs: size.submits },
    { name: `same rows, autocommit, ${callers} callers`, way: 'sameRows', callers, jobs: size.submits / 10 },
    { name: `jobs row alone, autocommit, ${callers} callers`, way: 'plainRow', callers, jobs: size.submits / 5 },
  ]);
  const samples = new Map(cases.map(({ name }) => [name, []]));
  for (let round = 0; round < size.rounds; round++) {
    for (const { name, way, callers, jobs } of round % 2 === 0 ? cases : cases.toReversed()) {
      await submitters[way](jobs / 4, callers);
      samples.get(name).push(await timed(place.cpu, jobs, () => submitters[way](jobs, callers)));
      await place.client.query('truncate maru.job_queue');
    }
  }
  await submitters.close();
  await app.close();
  return report(cases, samples);
}

function report(cases, samples) {
  const rows = cases.map(({ name }) => {
    const of = (key) => median(samples.get(name).map((s) => s[key]));
    return {
      name,
      'jobs/s': Math.round(of('jobsPerS')),
      'us/job': rounded(of('total')),
      'runs us/job': samples
        .get(name)
        .map((s) => Math.round(s.total))
        .join('/'),
      'jobs per CPU second': Math.round(1e6 / of('total')),
    };
  });
  printTable('Submit alone: made durable, each caller answered after its commit', rows);
  const ratio = (from, to) => rounded(rows[from]['us/job'] / rows[to]['us/job']);
  const verdicts = [0, 3].map((at) =>
    verdict(
      `${rows[at].name}: rate per CPU second vs the same rows one by one`,
      `${ratio(at + 1, at)}x (${ratio(at + 2, at)}x of the jobs row alone)`,
      '20x',
      ratio(at + 1, at) >= 20,
    ),
  );
  return { rows, verdicts };
}
