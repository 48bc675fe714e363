import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server } from '../jobs/server.mjs';
import { JoinedWorker } from '../product/joined-worker.mjs';
import { Product } from '../product/product.mjs';

/** `job_ends.status`, from 1. */
const STATUSES = ['succeeded', 'failed', 'canceled', 'expired'];

/** The product with a PostgreSQL of its own that one can look into, one worker, and a second one when asked. */
export class Installation {
  #server;
  #second = null;

  async start() {
    this.#server = await Server.start();
    const url = await this.#server.emptyDatabase('flood');
    this.product = new Product({ DATABASE_URL: url });
    this.client = new pg.Client({ connectionString: url });
    this.client.on('error', () => undefined); // the statement in flight rejects too
    await this.client.connect();
    await this.product.start();
    return this;
  }

  /** Both tenants weigh the same, and the flooder may have this many jobs in the queue. */
  async setLimits(flooder, victim, maxQueuedJobs) {
    await this.client.query('update maru.tenants set weight = 1 where slug = any($1)', [[flooder, victim]]);
    await this.client.query('update maru.tenants set max_queued_jobs = $2 where slug = $1', [flooder, maxQueuedJobs]);
  }

  /** Resolves when the second worker holds a lease and has loaded its models. */
  async joinSecondWorker() {
    this.#second = new JoinedWorker(this.product.environment);
    for (const end = performance.now() + 60_000; performance.now() < end; await sleep(250)) {
      const { rows } = await this.client.query('select count(*)::int as n from maru.workers where not dead');
      if (rows[0].n >= 2) return;
    }
    throw new Error(`the second worker did not come:\n${this.#second.output}`);
  }

  /** Jobs by tenant: in the queue, and ended so far by status. */
  async counts(slug) {
    const queued =
      'select count(*)::int as n from maru.job_queue q join maru.tenants t on t.id = q.tenant_id where t.slug = $1';
    const ended = `select e.status, count(*)::int as n from maru.job_ends e join maru.tenants t on t.id = e.tenant_id
                    where t.slug = $1 group by e.status`;
    const [q, e] = [await this.client.query(queued, [slug]), await this.client.query(ended, [slug])];
    return { queued: q.rows[0].n, ended: Object.fromEntries(e.rows.map(({ status, n }) => [STATUSES[status - 1], n])) };
  }

  /** Takes what is left of a flood out of the queue, as an operator would by canceling it; waits until none runs. */
  async empty(slug, limitMs = 60_000) {
    for (const end = performance.now() + limitMs; performance.now() < end; await sleep(250)) {
      await this.client.query(
        `delete from maru.job_queue q using maru.tenants t where t.id = q.tenant_id and t.slug = $1 and q.state = 0`,
        [slug],
      );
      if ((await this.counts(slug)).queued === 0) return;
    }
    throw new Error(`jobs of ${slug} are still in the queue`);
  }

  async stop() {
    await this.#second?.stop();
    await this.product?.stop();
    await this.client?.end().catch(() => undefined);
    await this.#server?.stop();
  }
}
