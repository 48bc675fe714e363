import { createPostgresBackend, Queue, setDefaultBackendFactory, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { QueuePool } from '../../dist/src/database/role-pool.js';
import { INPUT_TEXT } from './sample-job.mjs';

const INPUT = JSON.parse(INPUT_TEXT);
const NAME = 'bench';

/** BullMQ as the product's side work uses it, with a processor that does nothing: a job is added, run and removed. */
export class BullMq {
  #left = 0;
  #resolve = () => undefined;

  /** On PostgreSQL, as maru_queue in its own schema. */
  static onPostgres(config) {
    setDefaultBackendFactory(createPostgresBackend);
    const pool = new QueuePool(config.database, config.secrets);
    return new BullMq(pool, () => pool.end());
  }

  /** On a Redis server. */
  static onRedis(port) {
    setDefaultBackendFactory();
    const connection = new Redis({ port, host: '127.0.0.1', maxRetriesPerRequest: null });
    return new BullMq(connection, () => connection.quit());
  }

  constructor(connection, close) {
    this.closeConnection = close;
    const options = { connection };
    this.queue = new Queue(NAME, { ...options, defaultJobOptions: { removeOnComplete: true } });
    this.worker = new Worker(NAME, async () => undefined, { ...options, concurrency: 64 });
    for (const part of [this.queue, this.worker]) part.on('error', (error) => console.error(error));
    this.worker.on('completed', () => {
      if (--this.#left === 0) this.#resolve();
    });
  }

  /** Adds this many jobs, `concurrency` at a time, and resolves when all were processed. */
  async run(count, concurrency) {
    this.#left = count;
    const done = new Promise((resolve) => (this.#resolve = resolve));
    let added = 0;
    const caller = async () => {
      while (added++ < count) await this.queue.add('job', INPUT);
    };
    await Promise.all(Array.from({ length: concurrency }, caller));
    await done;
  }

  async close() {
    await this.worker.close();
    await this.queue.close();
    await this.closeConnection();
  }
}
