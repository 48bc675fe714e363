import { Injectable } from '@nestjs/common';
import { WorkerPool } from '../../database/role-pool.js';

/** Length of a lease from each renewal, ms by the database's clock. */
export const LEASE_MS = 6_000;
/** Renews a lease that nobody ended: $1 worker, $2 ms. */
export const RENEW_LEASE = `
update maru.workers set lease_until = clock_timestamp() + $2 * interval '1 ms' where id = $1 and not dead`;
/** Ends leases that ran out, except $1's. */
export const BURY_EXPIRED = `update maru.workers set dead = true where not dead and lease_until < clock_timestamp() and id <> $1`;

/** Leases of worker processes. */
@Injectable()
export class WorkersRepository {
  constructor(private readonly pool: WorkerPool) {}

  /** A new lease; returns the worker's id. */
  async register(name: string, leaseMs = LEASE_MS): Promise<number> {
    const result = await this.pool.query<{ id: number }>(
      `insert into maru.workers (name, lease_until) values ($1, clock_timestamp() + $2 * interval '1 ms') returning id`,
      [name, leaseMs],
    );
    return result.rows[0]!.id;
  }

  /** False when somebody declared this worker dead: it must abort everything and come back under a new id. */
  async heartbeat(id: number, stats: unknown, leaseMs = LEASE_MS): Promise<boolean> {
    const result = await this.pool.query({
      name: 'worker-heartbeat',
      text: `update maru.workers set lease_until = clock_timestamp() + $2 * interval '1 ms', stats = $3 where id = $1 and not dead`,
      values: [id, leaseMs, JSON.stringify(stats)],
    });
    return result.rowCount === 1;
  }

  /** Ends leases that ran out, except the caller's own. */
  async buryExpired(self: number): Promise<number> {
    const result = await this.pool.query(BURY_EXPIRED, [self]);
    return result.rowCount ?? 0;
  }

  async bury(id: number): Promise<void> {
    await this.pool.query(`update maru.workers set dead = true where id = $1`, [id]);
  }

  /** Leases not ended whose name starts with the prefix. */
  async livingNamed(prefix: string): Promise<{ id: number; name: string }[]> {
    const result = await this.pool.query<{ id: number; name: string }>(
      `select id, name from maru.workers where not dead and starts_with(name, $1)`,
      [prefix],
    );
    return result.rows;
  }
}
