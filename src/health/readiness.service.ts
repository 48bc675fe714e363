import { Injectable } from '@nestjs/common';
import { TtlCache } from '../common/ttl-cache.js';
import { SchemaStatus } from '../database/schema-status.js';
import { DrainState } from './drain-state.js';
import { NotReadyError } from './health.errors.js';
import type { ReadinessChecks } from './readiness-checks.js';

const DATABASE_TIMEOUT_MS = 2_000;
const REUSE_MS = 500; // the route is public: a flood of probes costs two queries a second

type DatabaseChecks = Omit<ReadinessChecks, 'draining'>;

/** Decides whether a load balancer should send requests here. */
@Injectable()
export class ReadinessService {
  private readonly recent = new TtlCache<DatabaseChecks>(REUSE_MS, 1);

  constructor(
    private readonly schema: SchemaStatus,
    private readonly drain: DrainState,
  ) {}

  /** The checks, all good. @throws NotReadyError with those that are not */
  async check(): Promise<ReadinessChecks> {
    const database = await this.recent.get('database', () => this.checkDatabase());
    const checks: ReadinessChecks = { ...database, draining: this.drain.isDraining };
    if (checks.database === 'down' || checks.migrations !== 'current' || checks.draining)
      throw new NotReadyError(checks);
    return checks;
  }

  private async checkDatabase(): Promise<DatabaseChecks> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('The database did not answer in time.')), DATABASE_TIMEOUT_MS);
    });
    try {
      const isCurrent = await Promise.race([this.schema.isCurrent(), tooLate]);
      return { database: 'up', migrations: isCurrent ? 'current' : 'pending' };
    } catch {
      return { database: 'down', migrations: 'unknown' };
    } finally {
      clearTimeout(timer);
    }
  }
}
