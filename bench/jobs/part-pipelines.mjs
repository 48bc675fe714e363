import { BullMq } from './bullmq.mjs';
import { CpuMeter } from './cpu-meter.mjs';
import { median, printTable, rounded, verdict } from './figures.mjs';
import { GROUPING, noOpRunner } from './no-op-runner.mjs';
import { atRate, saturated } from './pipeline.mjs';
import { startPipeline } from './product.mjs';
import { startRedis } from './redis-server.mjs';
import { startScheduledPipeline } from './scheduled.mjs';
import { FILE_INPUT } from './sample-job.mjs';
import { UsualWay } from './usual-way.mjs';

const CONCURRENCY = 64;

/** A whole life of a job in the product, the usual way and BullMQ, in rounds of alternating order. */
export async function pipelines(bench) {
  const { server, place, size } = bench;
  const usual = await UsualWay.start(await server.emptyDatabase('usual'));
  const redis = await startRedis(server.base);
  if (!redis) console.log('BullMQ on Redis: no redis-server on PATH, so it was not measured.');
  const cases = [...productCases(bench), usualCase(usual, place.cpu, size), ...bullCases(place, redis, size)];
  const samples = new Map(cases.map(({ name }) => [name, []]));
  for (let round = 0; round < size.rounds; round++) {
    for (const { name, sample } of round % 2 === 0 ? cases : cases.toReversed()) {
      await place.client.query('vacuum analyze'); // what autovacuum owes to the case before is not this one's cost
      samples.get(name).push(await sample());
    }
  }
  await redis?.stop();
  await usual.close();
  const rows = cases.map(({ name }) => ({ name, ...summary(samples.get(name)) }));
  return report(rows);
}

function productCases({ place, few, many, size }) {
  const { warmUp, jobs, ratePerS, warmUpMs, forMs } = size.pipeline;
  const noOp = (grouping) => (config) => startPipeline(config, noOpRunner(grouping));
  const full = (start) => () => saturated(place, { tenants: few, start, warmUp, jobs });
  const withFiles = few.map((tenant) => ({ ...tenant, input: FILE_INPUT }));
  const slow = { tenants: many, start: noOp(GROUPING.oneFlush), ratePerS, warmUpMs, forMs };
  return [
    { name: NAME.saturated, sample: full(noOp(GROUPING.oneFlush)) },
    { name: NAME.live, sample: full(noOp(GROUPING.everyStage)) },
    {
      name: NAME.files,
      sample: () => saturated(place, { tenants: withFiles, start: noOp(GROUPING.oneFlush), warmUp, jobs }),
    },
    { name: NAME.short, sample: full(noOp(GROUPING.none)) },
    { name: NAME.spread, sample: () => atRate(place, slow) },
    { name: NAME.scheduled, sample: full(startScheduledPipeline) },
  ];
}

const NAME = {
  saturated: '1 saturated, 20 tenants',
  live: '2 every stage its own commit',
  files: '1a as 1, jobs with a file',
  short: '1b jobs shorter than a flush',
  spread: '3 1,500 jobs/s, 1,000 tenants',
  scheduled: '4 as 1, real runner and scheduler',
  usual: 'a usual way, 5 INSERT + 5 UPDATE',
  postgres: 'b BullMQ on PostgreSQL',
  redis: 'c BullMQ on Redis (AOF everysec)',
};

function usualCase(usual, cpu, { others }) {
  const sample = async () => {
    await usual.run(await usual.prepare(others / 4), CONCURRENCY);
    const ids = await usual.prepare(others);
    return timed(cpu, others, () => usual.run(ids, CONCURRENCY));
  };
  return { name: NAME.usual, sample };
}

function bullCases(place, redis, { others }) {
  const ways = [{ name: NAME.postgres, start: () => BullMq.onPostgres(place.config), cpu: place.cpu }];
  if (redis) ways.push({ name: NAME.redis, start: () => BullMq.onRedis(redis.port), cpu: new CpuMeter([redis.pid]) });
  return ways.map(({ name, start, cpu }) => ({
    name,
    sample: async () => {
      const bull = start();
      await bull.run(others / 4, CONCURRENCY);
      const sample = await timed(cpu, others, () => bull.run(others, CONCURRENCY));
      await bull.close();
      return sample;
    },
  }));
}

/** CPU per job of this process and the server while `work` does `jobs` of them. */
export async function timed(cpu, jobs, work) {
  const before = cpu.read();
  const from = performance.now();
  await work();
  const used = cpu.since(before);
  const perJob = { node: used.node / jobs, server: used.server / jobs, total: used.total / jobs };
  return { jobsPerS: (jobs / (performance.now() - from)) * 1_000, ...perJob };
}

function summary(samples) {
  const middle = (key) => rounded(median(samples.map((s) => s[key])));
  const totals = samples.map((s) => Math.round(s.total));
  const wal = samples[0].walBytes === undefined ? '' : Math.round(median(samples.map((s) => s.walBytes)));
  return {
    'jobs/s': Math.round(middle('jobsPerS')),
    'node us': middle('node'),
    'server us': middle('server'),
    'total us/job': middle('total'),
    'runs us/job': totals.join('/'),
    'WAL B/job': wal,
  };
}

function report(rows) {
  const cost = (name) => rows.find((row) => row.name === name)['total us/job'];
  const of = (name, base) => rounded(cost(base) / cost(name));
  for (const row of rows) row['vs usual'] = `1/${of(row.name, NAME.usual)}`;
  printTable('Full pipeline with a no-op engine: CPU of a job from submit to end (medians of the rounds)', rows);
  const verdicts = [NAME.saturated, NAME.live, NAME.spread].map((name) =>
    verdict(`${name}: CPU vs usual way`, `1/${of(name, NAME.usual)}`, '1/20, aim 1/30', of(name, NAME.usual) >= 20),
  );
  const bull = of(NAME.saturated, NAME.postgres);
  return { rows, verdicts: [...verdicts, verdict('CPU vs BullMQ on PostgreSQL', `1/${bull}`, '1/8', bull >= 8)] };
}
