/**
 * A burst of jobs from all demo tenants against a running Maru, and what became of each: how many ended how, in which
 * inference batches, how fast. `--kill` ends engine, worker and api with SIGKILL in the middle of the burst.
 * Usage, while `npm start` runs: npm run bench:burst -- [--jobs 500] [--kill] [--quick] [--data .data]
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendants } from './process-tree.mjs';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '500' },
    kill: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    data: { type: 'string', default: '.data' },
  },
});
const total = values.quick ? 60 : Number(values.jobs);
const { baseUrl, tenants } = JSON.parse(fs.readFileSync(path.join(values.data, 'demo-credentials.json'), 'utf8'));
const SAMPLES = {
  'surface-inspection': ['image', 'hanbit-weld-plate.png'],
  'digit-reader': ['image', 'dasan-parcel-label.png'],
  'signal-anomaly': ['file', 'pureun-turbine-vibration.csv'],
};
const LIMIT_MS = 300_000;
const run = Date.now().toString(36);

/** A call that survives the death of the api: it is repeated until it is answered. */
async function call(tenant, method, url, body, headers = {}) {
  for (const end = Date.now() + 60_000; ;) {
    try {
      const response = await fetch(new URL(url, baseUrl), {
        method,
        headers: { authorization: `Bearer ${tenant.apiKey}`, ...headers },
        body: body?.(),
      });
      if (response.status < 500) return { status: response.status, body: await response.json() };
      throw new Error(`${url} answered ${response.status}`);
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(100);
    }
  }
}

async function upload(tenant, analyzer) {
  const [field, name] = SAMPLES[analyzer];
  const form = () => {
    const data = new FormData();
    data.set('purpose', 'job_input');
    data.set('file', new Blob([fs.readFileSync(path.join('samples', name))]), name);
    return data;
  };
  const { status, body } = await call(tenant, 'POST', '/v1/files', form);
  if (status !== 201) throw new Error(`upload: ${status} ${body.detail}`);
  return { analyzer, input: { [field]: { fileId: body.id } } };
}

async function submit(tenant, request, n) {
  const body = () => JSON.stringify({ ...request, metadata: { burst: run } });
  const headers = { 'content-type': 'application/json', 'idempotency-key': `burst-${run}-${n}` };
  const { status, body: job } = await call(tenant, 'POST', '/v1/jobs', body, headers);
  if (status !== 202) throw new Error(`submit: ${status} ${job.detail}`);
  return { tenant, id: job.id };
}

async function ended({ tenant, id }) {
  for (const end = Date.now() + LIMIT_MS; Date.now() < end;) {
    const { body } = await call(tenant, 'GET', `/v1/jobs/${id}?wait=20`);
    if (body.finishedAt) return body;
  }
  throw new Error(`${id} has not ended after ${LIMIT_MS / 1000} s`);
}

/** Kills one process of each kind, a moment apart, and says when it was back. */
async function killAll() {
  const report = [];
  for (const title of ['maru engine', 'maru worker', 'maru api']) {
    await sleep(250);
    const victim = descendants(values.data).find((p) => p.title.startsWith(title));
    if (!victim) throw new Error(`no process called ${title}`);
    process.kill(victim.pid, 'SIGKILL');
    const at = Date.now();
    while (!descendants(values.data).some((p) => p.title.startsWith(title) && p.pid !== victim.pid)) {
      if (Date.now() - at > 30_000) throw new Error(`${title} did not come back`);
      await sleep(20);
    }
    const back = { process: victim.title, 'process back after ms': Date.now() - at };
    if (title === 'maru api') back['answers after ms'] = await sinceAnswer(at);
    report.push(back);
  }
  return report;
}

async function sinceAnswer(at) {
  for (;;) {
    const ready = await fetch(new URL('/health/ready', baseUrl)).catch(() => null);
    if (ready?.ok) return Date.now() - at;
    if (Date.now() - at > 30_000) throw new Error('the api does not answer');
    await sleep(20);
  }
}

const requests = [];
for (const tenant of tenants) {
  for (const analyzer of tenant.analyzers) requests.push({ tenant, request: await upload(tenant, analyzer) });
}
const startedAt = Date.now();
const killing = values.kill ? killAll() : Promise.resolve([]);
const submitted = await Promise.all(
  Array.from({ length: total }, (_, n) => {
    const { tenant, request } = requests[n % requests.length];
    return submit(tenant, request, n);
  }),
);
const submittedMs = Date.now() - startedAt;
const jobs = await Promise.all(submitted.map(ended));
const allMs = Date.now() - startedAt;
const kills = await killing;

const statuses = {};
const batches = new Map();
let doubled = 0;
for (const [i, job] of jobs.entries()) {
  statuses[job.status] = (statuses[job.status] ?? 0) + 1;
  const { body } = await call(submitted[i].tenant, 'GET', `/v1/jobs/${job.id}/timeline`);
  const terminal = body.data.filter((t) =>
    ['job.succeeded', 'job.failed', 'job.canceled', 'job.expired'].includes(t.type),
  );
  const contiguous = body.data.every((t, k) => t.seq === k + 1);
  if (terminal.length !== 1 || !contiguous) doubled++;
  const receipt = body.data.findLast((t) => t.execution)?.execution;
  if (!receipt) continue;
  const batch = batches.get(receipt.inferenceBatchId) ?? {
    model: receipt.model.name,
    size: receipt.batchSize,
    tenants: new Set(),
  };
  batch.tenants.add(submitted[i].tenant.slug);
  batches.set(receipt.inferenceBatchId, batch);
}
const table = {};
for (const { model, size, tenants: who } of batches.values()) {
  const row = (table[model] ??= { batches: 0, items: 0, largest: 0, 'of several tenants': 0 });
  row.batches++;
  row.items += size;
  row.largest = Math.max(row.largest, size);
  if (who.size > 1) row['of several tenants']++;
}
for (const row of Object.values(table)) row['mean size'] = Number((row.items / row.batches).toFixed(1));

console.log(
  `${total} jobs of ${tenants.length} tenants: accepted in ${submittedMs} ms, all ended after ${allMs} ms (${Math.round((total / allMs) * 1000)} jobs/s)`,
);
console.log('ended:', statuses, `not exactly once: ${doubled}`);
if (kills.length) console.table(kills);
console.log('inference batches (of the attempts that ended the jobs)');
console.table(table);
const sizes = {};
for (const { size } of batches.values()) sizes[size] = (sizes[size] ?? 0) + 1;
console.log('batches by size:', sizes);
fs.mkdirSync('bench/out', { recursive: true });
fs.writeFileSync(
  'bench/out/burst.json',
  JSON.stringify({ total, submittedMs, allMs, statuses, doubled, kills, table, sizes }, null, 2),
);
process.exit(doubled === 0 && (statuses.succeeded ?? 0) + (statuses.failed ?? 0) === total ? 0 : 1);
