// Boots the built program the way a user does and checks what only the whole can show: start, demo, crashes, stop, refusals.
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Checks, until } from './checks.mjs';
import { freePort, isAlive, MaruProcess, postgresPid } from '../support/maru-process.ts';

const base = fs.mkdtempSync(path.join(os.tmpdir(), 'maru smoke '));
fs.chmodSync(base, 0o755);
const dataDir = path.join(base, 'data');
const port = await freePort();
const env = { NODE_ENV: 'development', PORT: String(port), DATA_DIR: dataDir };
const checks = new Checks();
const linux = process.platform === 'linux';
if (!linux) console.log(' - NOT CHECKED on this system: process titles and restarts (they are read from /proc)');

await checks.check(
  'every controller parameter kept its type: `import type` of a class turns validation against it',
  () => {
    const dist = new URL('../../dist/src/', import.meta.url);
    const files = fs.readdirSync(dist, { recursive: true }).filter((name) => name.endsWith('.controller.js'));
    const lost = files.filter((name) =>
      /design:paramtypes", \[[^\]]*\bFunction\b/.test(fs.readFileSync(new URL(name, dist), 'utf8')),
    );
    if (files.length === 0 || lost.length > 0)
      throw new Error(`${files.length} controllers, parameters of type Function in: ${lost}`);
  },
);

let maru = new MaruProcess(env);
try {
  await firstStart();
  if (linux) await crashes();
  await refusalsBesideARunningOne();
  await stop('first');
  await secondStart();
  await stop('second');
  await killedSupervisor();
  await productionOnOwnDatabase();
  await refusals();
} finally {
  if (maru.exitCode === null) await maru.interrupt().catch(() => maru.kill('SIGKILL'));
  process.exitCode = checks.finish(process.argv[2]);
  fs.rmSync(base, { recursive: true, force: true });
}

async function firstStart() {
  await checks.check(
    'a start on an empty data directory gets ready',
    async () => `${(await maru.ready()).toFixed(1)} s`,
  );
  await checks.check('the three demo jobs succeed, then the addresses are printed', async () => {
    await maru.announced();
    const jobs = maru.output.match(/^ +job_[0-9a-z]{26}$/gm) ?? [];
    const results = maru.output.match(/^ +result: (?!no result).+$/gm) ?? [];
    if (jobs.length !== 3 || results.length !== 3) throw new Error(`not three results in:\n${maru.output}`);
  });
  await checks.check('/health/ready, /openapi.json and /docs answer', async () => {
    await get('/health/ready');
    const document = await (await get('/openapi.json')).json();
    if (!document.openapi.startsWith('3.1') || !document.paths['/v1/jobs'])
      throw new Error(`openapi ${document.openapi}`);
    await get('/docs');
  });
  await checks.check('each tenant has its portal, operators their console', async () => {
    const { tenants } = credentials();
    const pages = [...tenants.map(({ slug }) => `/t/${slug}`), '/console'];
    if (tenants.length !== 3) throw new Error(`${tenants.length} tenants in the credentials file`);
    for (const page of pages) {
      const html = await (await get(page)).text();
      if (!/<!doctype html>/i.test(html)) throw new Error(`${page} is no HTML page`);
    }
  });
  await checks.check('the credentials file is private and no password is printed', async () => {
    const mode = fs.statSync(path.join(dataDir, 'demo-credentials.json')).mode & 0o777;
    if (mode !== 0o600) throw new Error(`mode ${mode.toString(8)}`);
    const { operator, tenants } = credentials();
    const secrets = [operator.password, ...tenants.flatMap((t) => [t.owner.password, t.apiKey])];
    if (secrets.some((secret) => maru.output.includes(secret))) throw new Error('a secret is in the output');
  });
}

async function crashes() {
  const titles = ['maru supervisor', 'maru api', 'maru worker', 'maru engine cpu:0'];
  await checks.check(`the processes are ${titles.join(', ')}`, () =>
    until('all titles', () => titles.every((title) => maru.pidOf(title)), 10_000).then(() => ''),
  );
  for (const title of titles.slice(1)) await checks.check(`kill -9 of ${title}: it is back`, () => comesBack(title));
  await checks.check('kill -9 of postgres: it is back', async () => {
    const killed = postgresPid(dataDir);
    process.kill(killed, 'SIGKILL');
    await until('another postgres', () => postgresPid(dataDir) !== killed && isAlive(postgresPid(dataDir)));
  });
  await checks.check('after all of it the API is ready and a job runs', async () => {
    await maru.ready(30_000);
    const { id } = await until('a submit that is accepted', submitSample);
    const job = await until(
      'the job to end',
      async () => {
        const current = await (await api(`/v1/jobs/${id}`)).json();
        return ['succeeded', 'failed', 'expired', 'canceled'].includes(current.status) && current;
      },
      60_000,
    );
    if (job.status !== 'succeeded') throw new Error(`it ended as ${job.status}: ${JSON.stringify(job.error)}`);
  });
}

async function comesBack(title) {
  const killed = await until(title, () => maru.pidOf(title));
  const began = performance.now();
  process.kill(killed, 'SIGKILL');
  await until(`another ${title}`, () => (maru.pidOf(title) ?? killed) !== killed);
  const seconds = (performance.now() - began) / 1000;
  await maru.ready(30_000);
  return `another process after ${seconds.toFixed(1)} s`;
}

async function refusalsBesideARunningOne() {
  await checks.check('a second start while one runs is refused in one sentence', () => refused(env, /already taken/));
  await checks.check('another port does not let two share one data directory', async () =>
    refused({ ...env, PORT: String(await freePort()) }, /already runs on/),
  );
}

async function stop(which) {
  await checks.check(`Ctrl-C on the ${which} run leaves no process behind`, async () => {
    const tree = linux ? maru.tree() : [];
    const pids = [...tree.map((p) => p.pid), postgresPid(dataDir)];
    const code = await maru.interrupt();
    // An engine whose worker was stopped in the middle of its start ends by itself when their channel closes.
    const allEnded = () => !pids.some(isAlive);
    await until('all processes to end', allEnded, 2_000).catch(() => undefined);
    const left = pids.filter(isAlive).map((pid) => `${pid} ${tree.find((p) => p.pid === pid)?.title ?? 'postgres'}`);
    if (code !== 0 || left.length > 0)
      throw new Error(`exit ${code}, left ${left.join(', ')}:\n${maru.output.slice(-2000)}`);
    return `${pids.length} processes ended`;
  });
}

async function secondStart() {
  const before = maru.output.match(/job_[0-9a-z]{26}/g) ?? [];
  maru = new MaruProcess(env);
  await checks.check('a second start on the same data is quick', async () => {
    const seconds = await maru.ready();
    if (seconds > 10) throw new Error(`ready after ${seconds.toFixed(1)} s; expected less than 5, never more than 10`);
    return `ready after ${seconds.toFixed(1)} s`;
  });
  await checks.check('it seeds nothing twice and runs no job twice', async () => {
    await maru.announced();
    if (/^ +job_[0-9a-z]{26}$/m.test(maru.output)) throw new Error(`a demo job ran again:\n${maru.output}`);
    for (const { slug, apiKey } of credentials().tenants) {
      const { data } = await (await api('/v1/jobs?metadata[demo]=first-run', apiKey)).json();
      const known = data.length === 1 && before.includes(data[0].id) && data[0].status === 'succeeded';
      if (!known) throw new Error(`${slug}: ${JSON.stringify(data.map(({ id, status }) => ({ id, status })))}`);
    }
  });
}

async function killedSupervisor() {
  if (!linux) return;
  await checks.check('a killed supervisor leaves no role; the next start adopts its postgres', async () => {
    maru = new MaruProcess(env);
    await maru.announced();
    const roles = maru.tree().filter(({ title }) => title.startsWith('maru '));
    const postgres = postgresPid(dataDir);
    maru.kill('SIGKILL');
    await until('the roles to end', () => roles.every(({ pid }) => !isAlive(pid)));
    maru = new MaruProcess(env);
    await maru.ready();
    if (postgresPid(dataDir) !== postgres) throw new Error('postgres was started anew');
  });
  await stop('adopting');
}

async function productionOnOwnDatabase() {
  const { startEmbeddedPostgres } = await import('../../dist/src/database/embedded/embedded-postgres.js');
  const directory = path.join(base, 'another database');
  const own = await startEmbeddedPostgres({ directory, port: await freePort(), password: 'own-password' });
  const ownDir = path.join(base, 'production data');
  const key = 'f'.repeat(64);
  try {
    await checks.check(
      'production on a DATABASE_URL of its own serves, seeds nothing and leaves the server alone',
      async () => {
        const more = { NODE_ENV: 'production', DATABASE_URL: own.url, DATA_DIR: ownDir, MARU_MASTER_KEY: key };
        maru = new MaruProcess({ ...env, ...more });
        await maru.announced();
        const page = await fetch(`${maru.origin}/t/hanbit`);
        const files = fs.readdirSync(ownDir);
        if (page.status !== 404 || files.some((name) => /credentials|master|postgres/.test(name)))
          throw new Error(`portal ${page.status}, data directory: ${files}`);
        const code = await maru.interrupt();
        if (code !== 0 || !isAlive(own.pid)) throw new Error(`exit ${code}, server alive: ${isAlive(own.pid)}`);
      },
    );
  } finally {
    await own.stop();
  }
}

async function refusals() {
  const free = { ...env, PORT: String(await freePort()) };
  const holder = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const taken = String(holder.address().port);
  await checks.check('a taken port is refused in one sentence', () =>
    refused({ ...env, PORT: taken }, /Port \d+ .*already taken/),
  );
  holder.close();
  const nowhere = `postgres://maru:secret@127.0.0.1:${await freePort()}/maru`;
  await checks.check('an unreachable DATABASE_URL is refused, without its password', async () => {
    const text = await refused({ ...free, DATABASE_URL: nowhere }, /cannot reach the database/);
    if (text.includes('secret')) throw new Error(text);
  });
  fs.writeFileSync(path.join(base, 'a file'), '');
  await checks.check('a data directory that cannot be written is refused', () =>
    refused({ ...free, DATA_DIR: path.join(base, 'a file', 'data') }, /cannot write to its data directory/),
  );
  if (linux) {
    await checks.check('so is one where nothing can be made', () =>
      refused({ ...free, DATA_DIR: '/proc/maru' }, /cannot write to its data directory/),
    );
  }
  await checks.check('production without a master key is refused', () =>
    refused({ ...free, NODE_ENV: 'production' }, /MARU_MASTER_KEY/, 2),
  );
}

/** Exit code 1 and nothing printed but one sentence; returns it. */
async function refused(environment, sentence, lines = 1) {
  const other = new MaruProcess(environment);
  await until('the refusal', () => other.exitCode !== null);
  const text = other.output.trim();
  const right =
    other.exitCode === 1 && sentence.test(text) && text.split('\n').length <= lines && !/^\s+at /m.test(text);
  if (!right) throw new Error(`exit ${other.exitCode}:\n${text}`);
  return text;
}

function credentials() {
  return JSON.parse(fs.readFileSync(path.join(dataDir, 'demo-credentials.json'), 'utf8'));
}

async function get(page, headers = {}) {
  const response = await fetch(`${maru.origin}${page}`, { headers });
  if (response.status !== 200)
    throw new Error(`${page} answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
  return response;
}

function api(page, apiKey = credentials().tenants[0].apiKey) {
  return get(page, { authorization: `Bearer ${apiKey}` });
}

/** The first tenant's demo file once more. */
async function submitSample() {
  const [{ apiKey }] = credentials().tenants;
  const form = new FormData();
  const request = { analyzer: 'surface-inspection', input: {}, metadata: { smoke: 'after-crashes' } };
  form.set('request', new Blob([JSON.stringify(request)], { type: 'application/json' }));
  const sample = fs.readFileSync(new URL('../../samples/hanbit-weld-plate.png', import.meta.url));
  form.set('image', new Blob([sample]), 'plate.png');
  const response = await fetch(`${maru.origin}/v1/jobs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}` },
    body: form,
  });
  // 503 is what a client repeats: connections to the killed database are being replaced.
  if (response.status === 503) return null;
  if (response.status !== 202) throw new Error(`submit answered ${response.status}: ${await response.text()}`);
  return response.json();
}
