import { Injectable } from '@nestjs/common';
import { WorkerPool } from '../../database/role-pool.js';

/** Leases of worker processes. A lease lasts 10 s from each heartbeat, by the database's clock. */
@Injectable()
export class WorkersRepository {
  constructor(private readonly pool: WorkerPool) {}

  /** A new lease; returns the worker's id. */
  async register(name: string): Promise<number> {
    const result = await this.pool.query<{ id: number }>(
      `insert into maru.workers (name, lease_until) values ($1, clock_timestamp() + interval '10 s') returning id`,
      [name],
    );
    return result.rows[0]!.id;
  }

  /** False when somebody declared this worker dead: it must abort everything and come back under a new id. */
  async heartbeat(id: number, stats: unknown): Promise<boolean> {
    const result = await this.pool.query({
      name: 'worker-heartbeat',
      text: `update maru.workers set lease_until = clock_timestamp() + interval '10 s', stats = $2 where id = $1 and not dead`,
      values: [id, JSON.stringify(stats)],
    });
    return result.rowCount === 1;
  }

  /** Ends leases that ran out, except the caller's own. */
  async buryExpired(self: number): Promise<number> {
    const result = await this.pool.query(
      `update maru.workers set dead = true where not dead and lease_until < clock_timestamp() and id <> $1`,
      [self],
    );
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
