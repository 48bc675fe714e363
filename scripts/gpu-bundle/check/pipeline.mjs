import fs from 'node:fs';
import path from 'node:path';
import { figure, percentile, printTable } from './table.mjs';

const AT_ONCE = 64;
const ANALYZER_LIMIT_MS = 25_000;
const CALL_LIMIT_MS = 90_000;
/** Of how many jobs the timeline is read, to see where they ran. */
const LOOK_EVERY = 10;
/** What is sent, and what samples/README.md says that it holds. */
const CASES = {
  'surface-inspection': {
    field: 'image',
    sample: 'hanbit-weld-plate.png',
    isRight: ({ defectClass, boxes }) => defectClass === 'scratch' && boxes.length === 2,
  },
  'digit-reader': { field: 'image', sample: 'dasan-parcel-label.png', isRight: ({ text }) => text === '40172965' },
  'meter-reader': { field: 'image', sample: 'pureun-gas-meter.png', isRight: ({ text }) => text === '0048216' },
  'signal-anomaly': {
    field: 'file',
    sample: 'pureun-turbine-vibration.csv',
    isRight: ({ verdict }) => verdict === 'anomalous',
  },
};

/**
 * Jobs of every built-in analyzer over HTTP, from the submit to the result, which must be the right one each time.
 * @param platform a started one
 * @param devices value of INFERENCE_DEVICES it was started with
 */
export async function pipeline(root, { platform, devices, jobs }, verdicts) {
  const rows = [];
  for (const [analyzer, apiKey] of keysOf(platform.tenants)) {
    const known = CASES[analyzer];
    if (!known) {
      verdicts.add('pipeline', `${devices}: ${analyzer}`, 'failed', 'the check has no sample for it');
      continue;
    }
    const result = await load(new Api(platform.origin, apiKey), root, { analyzer, ...known }, jobs);
    const strayed = devices === 'auto' ? [] : [...result.devices.keys()].filter((id) => !id.startsWith(devices));
    const why = result.faults[0] ?? (strayed.length > 0 ? `it ran on ${strayed}` : null);
    rows.push(rowOf(analyzer, result));
    verdicts.add('pipeline', `${devices}: ${analyzer}`, why ? 'failed' : 'passed', why ?? noteOf(result));
  }
  printTable(`Jobs over HTTP, ${AT_ONCE} at once, INFERENCE_DEVICES=${devices}`, rows);
  return rows;
}

/** Each analyzer that a demo tenant may use, with a key for it. */
function keysOf(tenants) {
  return new Map(tenants.flatMap(({ analyzers, apiKey }) => analyzers.map((analyzer) => [analyzer, apiKey])));
}

async function load(api, root, { analyzer, field, sample, isRight }, jobs) {
  const fileId = await api.upload(path.join(root, 'samples', sample));
  const body = { analyzer, input: { [field]: { fileId } } };
  const result = { times: [], faults: [], devices: new Map(), seconds: 0 };
  let sent = 0;
  const from = performance.now();
  const client = async () => {
    while (sent++ < jobs && performance.now() - from < ANALYZER_LIMIT_MS) {
      const began = performance.now();
      const job = await api.run(body);
      result.times.push(performance.now() - began);
      const isGood = job.status === 'succeeded' && isRight(job.result.data);
      if (!isGood)
        result.faults.push(`${job.id} ${job.status}: ${job.error?.message ?? JSON.stringify(job.result?.data)}`);
      if (result.times.length % LOOK_EVERY === 1) await note(api, job.id, result.devices);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, jobs) }, client));
  result.seconds = (performance.now() - from) / 1_000;
  return result;
}

/** Keeps the largest batch seen on each device. */
async function note(api, id, devices) {
  const { data } = await api.call('GET', `/v1/jobs/${id}/timeline`);
  const execution = data.find((row) => row.execution)?.execution;
  if (execution) devices.set(execution.device, Math.max(execution.batchSize, devices.get(execution.device) ?? 0));
}

/** The public API with one key. */
class Api {
  constructor(origin, apiKey) {
    Object.assign(this, { origin, apiKey });
  }

  async upload(file) {
    const form = new FormData();
    form.set('purpose', 'job_input');
    form.set('file', new Blob([fs.readFileSync(file)]), path.basename(file));
    return (await this.call('POST', '/v1/files', form)).id;
  }

  /** Submits a job and waits for its end. */
  run(job) {
    return this.call('POST', '/v1/jobs', JSON.stringify(job), {
      'content-type': 'application/json',
      prefer: 'wait=60',
    });
  }

  async call(method, route, body, headers = {}) {
    const authorization = `Bearer ${this.apiKey}`;
    const signal = AbortSignal.timeout(CALL_LIMIT_MS);
    const response = await fetch(this.origin + route, { method, body, headers: { authorization, ...headers }, signal });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${route} was answered ${response.status}: ${answer.detail}`);
    return answer;
  }
}

function noteOf({ times, seconds, devices }) {
  const rate = figure(times.length / seconds);
  return `${times.length} right results, ${rate} jobs/s on ${[...devices.keys()].join(', ')}`;
}

function rowOf(analyzer, { times, seconds, devices, faults }) {
  return {
    analyzer,
    jobs: times.length,
    wrong: faults.length,
    'jobs/s': figure(times.length / seconds),
    'p50 ms': Math.round(percentile(times, 0.5)),
    'p99 ms': Math.round(percentile(times, 0.99)),
    'ran on (largest batch seen)': [...devices].map(([name, size]) => `${name} (${size})`).join(', '),
  };
}
