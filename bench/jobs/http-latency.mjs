import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientsOf, startApi } from './api-process.mjs';
import { latencies } from './figures.mjs';
import { GROUPING, noOpRunner } from './no-op-runner.mjs';
import { startPipeline } from './product.mjs';

/**
 * Latency of submits over real HTTP at a moderate open-loop rate: to the 202, and to the result, with `Prefer: wait`.
 * The api is a process of its own; this one is the client and, with a no-op engine, the worker.
 */
export async function httpLatencies(place, tenants, { ratePerS, forMs }) {
  const api = await startApi(place);
  const worker = await startPipeline(place.config, noOpRunner(GROUPING.oneFlush));
  try {
    const clients = await clientsOf(place, api, tenants);
    const client = new Client(api, clients);
    await client.open(ratePerS, 2_000, {}, 202); // warm-up
    const accepted = await client.open(ratePerS, forMs, {}, 202);
    const finished = await client.open(ratePerS, forMs, { prefer: 'wait=20' }, 200);
    return { ratePerS, submitTo202: latencies(accepted), submitToResult: latencies(finished) };
  } finally {
    await api.stop();
    await worker.close();
  }
}

class Client {
  #agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
  #sent = 0;

  constructor(api, clients) {
    this.api = api;
    this.clients = clients;
  }

  /** Submits at this rate whatever comes back; gives the time of each answer, ms. */
  async open(ratePerS, forMs, headers, status) {
    const from = performance.now();
    const answers = [];
    for (let nowMs = 0; nowMs < forMs; nowMs = performance.now() - from) {
      while (answers.length < (nowMs * ratePerS) / 1_000) answers.push(this.#submit(headers, status));
      await sleep(1);
    }
    return Promise.all(answers);
  }

  #submit(headers, status) {
    const { key, fileId } = this.clients[this.#sent++ % this.clients.length];
    const body = JSON.stringify({ analyzer: 'surface-inspection', input: { image: { fileId } } });
    const own = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'idempotency-key': `bench-${process.pid}-${this.#sent}`,
    };
    const from = performance.now();
    return new Promise((resolve, reject) => {
      const { port } = this.api;
      const options = { agent: this.#agent, host: '127.0.0.1', port, path: '/v1/jobs', method: 'POST' };
      const request = http.request({ ...options, headers: { ...own, ...headers } }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => {
          if (response.statusCode === status) resolve(performance.now() - from);
          else reject(new Error(`a submit was answered ${response.statusCode}: ${text.slice(0, 200)}`));
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}
