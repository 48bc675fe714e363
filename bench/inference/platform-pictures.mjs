import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Test } from '@nestjs/testing';
import { ApiKeys } from '../../dist/src/auth/api-keys.service.js';
import { CredentialsModule } from '../../dist/src/auth/credentials.module.js';
import { GRANTABLE_TO_KEYS } from '../../dist/src/auth/scopes.js';
import { ConfigModule } from '../../dist/src/config/config.module.js';
import { DatabaseModule } from '../../dist/src/database/database.module.js';
import { startApi } from '../jobs/api-process.mjs';
import { makePlace } from '../jobs/place.mjs';
import { storeTenants } from '../jobs/tenants.mjs';
import { CpuWindow } from './cpu-window.mjs';

const WORKER = fileURLToPath(new URL('../../dist/src/worker.js', import.meta.url));
const LIMIT_MS = 300_000;
const AT_ONCE = 16;
/** The part of the jobs, in the order of their ends, between which is measured: the code gets warm before, the queue runs dry after. */
const FROM = 0.5;
const TO = 0.95;

/** The platform with a queue of picture jobs that were submitted over HTTP; then one worker works them off. */
export class PlatformPictures {
  static async start(server, name) {
    const place = await makePlace(server, name);
    const tenants = await storeTenants(place.client, 4);
    await place.client.query('update maru.tenants set outbox = false'); // nobody subscribed to the ends
    const api = await startApi(place);
    return new PlatformPictures(server.postgres.pid, place, api, await keysOf(place, tenants));
  }

  constructor(serverPid, place, api, keys) {
    Object.assign(this, {
      serverPid,
      place,
      api,
      keys,
      agent: new http.Agent({ keepAlive: true, maxSockets: AT_ONCE }),
    });
  }

  /** Uploads the pictures for each tenant. */
  async upload(pictures) {
    this.files = [];
    for (const key of this.keys)
      for (const picture of pictures) this.files.push({ key, id: await uploaded(this.api, key, picture) });
  }

  /** Queues jobs, starts a worker, and gives the jobs a second that it ends and the milliseconds of each role for a job. */
  async drain(count) {
    await this.place.client.query('truncate maru.job_queue, maru.job_ends, maru.job_timeline, maru.jobs');
    let sent = 0;
    const submitAll = async () => {
      while (sent < count) await this.#submit(sent++);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, submitAll));
    const worker = startWorker(this.place);
    try {
      const from = await this.#ended(FROM * count);
      const cpu = new CpuWindow([worker.pid, this.serverPid]);
      const to = await this.#ended(TO * count);
      const spent = cpu.end();
      await this.#ended(count);
      const perJob = Object.fromEntries(Object.entries(spent).map(([role, ms]) => [role, ms / (to - from)]));
      return { rate: await this.#rate(count), perJob };
    } finally {
      const gone = once(worker, 'exit');
      worker.kill('SIGTERM');
      await gone;
    }
  }

  async close() {
    this.agent.destroy();
    await this.api.stop();
    await this.place.close();
  }

  #submit(n) {
    const { key, id } = this.files[n % this.files.length];
    const body = JSON.stringify({ analyzer: 'surface-inspection', input: { image: { fileId: id } } });
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const options = {
      agent: this.agent,
      host: '127.0.0.1',
      port: this.api.port,
      path: '/v1/jobs',
      method: 'POST',
      headers,
    };
    return new Promise((resolve, reject) => {
      const request = http.request(options, (response) => {
        response.resume();
        response.on('end', () =>
          response.statusCode === 202 ? resolve() : reject(new Error(`a submit was answered ${response.statusCode}`)),
        );
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  /** Waits for this many ends; gives how many there are by then. */
  async #ended(count) {
    const until = performance.now() + LIMIT_MS;
    for (;;) {
      const { rows } = await this.place.client.query(
        'select count(*)::int as all, count(*) filter (where status <> 0)::int as bad from maru.job_ends',
      );
      if (rows[0].all >= count) return rows[0].all;
      if (performance.now() > until) throw new Error(`only ${rows[0].all} of ${count} jobs ended`);
      await sleep(250);
    }
  }

  async #rate(count) {
    const { rows } = await this.place.client.query(
      `select extract(epoch from finished_at)::float8 as at from maru.job_ends order by finished_at`,
    );
    const [first, last] = [Math.floor(count * FROM), Math.floor(count * TO)];
    return (last - first) / (rows[last].at - rows[first].at);
  }
}

function startWorker(place) {
  const env = { PATH: process.env.PATH, ...place.environment, INFERENCE_DEVICES: 'cpu', NODE_ENV: 'development' };
  const child = fork(WORKER, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.send({ type: 'start', env: {} });
  return child;
}

async function keysOf(place, tenants) {
  const imports = [
    ConfigModule.forRoot(place.config),
    DatabaseModule.forRoot({ appConnections: 2 }),
    CredentialsModule,
  ];
  const module = await (await Test.createTestingModule({ imports }).compile()).init();
  const issue = async ({ tenantId }) =>
    (await module.get(ApiKeys, { strict: false }).issue(tenantId, { name: 'bench', scopes: [...GRANTABLE_TO_KEYS] }))
      .key;
  const keys = await Promise.all(tenants.map(issue));
  await module.close();
  return keys;
}

async function uploaded({ baseUrl }, key, picture) {
  const form = new FormData();
  form.set('purpose', 'job_input');
  form.set('file', new Blob([picture]), 'picture');
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(`${baseUrl}/v1/files`, { method: 'POST', headers, body: form });
  const body = await response.json();
  if (response.status !== 201) throw new Error(`the upload was answered ${response.status}: ${body.detail}`);
  return body.id;
}
