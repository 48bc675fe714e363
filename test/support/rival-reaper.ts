import { Worker } from 'node:worker_threads';
import { BURY_EXPIRED } from '../../src/jobs/duties/workers.repository.js';

/** Ends expired leases ten times a second, with the reaper's own statement, whatever the main thread does. */
const SCRIPT = `
  const { workerData, parentPort } = require('node:worker_threads');
  const pg = require('pg');
  const client = new pg.Client(workerData.url);
  client.connect().then(async () => {
    parentPort.postMessage('ready');
    for (;;) {
      await client.query(workerData.bury, [0]);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });`;

/** Another worker's reaper, in a thread of its own. */
export class RivalReaper {
  private constructor(private readonly thread: Worker) {}

  static async start(): Promise<RivalReaper> {
    const workerData = { url: process.env.DATABASE_URL, bury: BURY_EXPIRED };
    const thread = new Worker(SCRIPT, { eval: true, workerData });
    await new Promise((resolve, reject) => thread.once('message', resolve).once('error', reject));
    return new RivalReaper(thread);
  }

  async stop(): Promise<void> {
    await this.thread.terminate();
  }
}
