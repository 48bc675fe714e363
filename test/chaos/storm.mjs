import { setTimeout as sleep } from 'node:timers/promises';
import { FAULTS } from './faults.mjs';
import { Random } from './random.mjs';

/** Attempts in hand, of one worker process or of all. The checker finds in the history when each went on. */
const HELD = `
select q.tenant_id as "tenantId", q.id as "jobId", q.attempt
  from maru.job_queue q join maru.workers w on w.id = q.worker
 where q.state in (1, 2) and ($1::text is null or w.name like '%/' || $1)`;

/**
 * Most blows wait until the system serves again: so many requests were answered and so many jobs ended since the last
 * one. A system that lies down shows nothing. Waiting has an end, ms: a system that stays down is found by the checker.
 */
const BACK_ANSWERS = 20;
const BACK_ENDS = 20;
const BACK_LIMIT_MS = 30_000;
/** The others come whatever state it is in, in the middle of a recovery too. */
const MERCILESS = 0.1;
/** What was killed is not back earlier than this, ms. */
const RESTART_MS = 3_000;
/** Pauses between stops, in pauses between blows: most of the time both workers run. */
const REST = 8;

/**
 * Kills and broken links one after the other at random moments, and beside them stopped workers. Every kind comes as
 * often as its weight says before any comes again, in an order that the seed decides.
 */
export class Storm {
  /** `{ kind, kill, atMs, endMs, held }` for every blow that hit something; at `endMs` its cause is gone. */
  log = [];

  constructor(product, clients, options) {
    this.product = product;
    this.clients = clients;
    this.options = options;
  }

  get kills() {
    return this.log.filter(({ kill }) => kill).length;
  }

  /** Rages until `done()`; resolves when the last fault is healed. */
  async rage(done) {
    const { seed, longestPauseMs } = this.options;
    await Promise.all([
      this.#lane('blows', new Random(seed), longestPauseMs, done),
      this.#lane('stops', new Random(seed + 1), longestPauseMs * REST, done),
    ]);
  }

  async #lane(lane, random, longestPauseMs, done) {
    for (const fault of this.#faultsOf(lane, random)) {
      if (lane === 'blows' && random.next() > MERCILESS) await this.#untilBack(done);
      await sleep(random.between(100, longestPauseMs));
      if (done()) return;
      await this.#strike(fault, random);
    }
  }

  async #strike(fault, random) {
    const { kind, kill = false } = fault;
    let entry = null;
    await fault.run({
      product: this.product,
      random,
      held: (workerPid) => this.product.database.rows(HELD, [workerPid ? String(workerPid) : null]),
      struck: (held) => this.log.push((entry = { kind, kill, atMs: Date.now(), endMs: Infinity, held })),
    });
    if (entry) entry.endMs = Math.max(Date.now(), entry.atMs + (kill ? RESTART_MS : 0));
  }

  /** Without end. The short run begins with each kind once, the most telling first. */
  *#faultsOf(lane, random) {
    const faults = FAULTS.filter((fault) => fault.lane === lane);
    if (this.options.quick) yield* faults;
    for (;;) yield* random.shuffled(faults.flatMap((fault) => Array(fault.weight).fill(fault)));
  }

  async #untilBack(done) {
    const answers = this.clients.accepted.length + BACK_ANSWERS;
    const ends = this.clients.ended + BACK_ENDS;
    const isBack = () => this.clients.ended >= ends && (this.clients.full || this.clients.accepted.length >= answers);
    const end = performance.now() + BACK_LIMIT_MS;
    while (!isBack() && !done() && performance.now() < end) await sleep(20);
  }
}
