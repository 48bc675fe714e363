import { Injectable } from '@nestjs/common';
import { TtlCache } from '../../common/ttl-cache.js';
import { TenantDb } from '../../database/tenant-db.js';
import { QUANTILES, waitsOf } from './waits.sql.js';

const TTL_MS = 60_000;
const MAX_TENANTS = 1_000;
const MAX_JOBS = 200;

/** $1 tenant. */
const READ = `select count(*)::int as jobs, ${QUANTILES} from (${waitsOf('$1', MAX_JOBS)}) w where w.ms is not null`;

/** How long jobs waited; ms, null without any. */
export interface Waits {
  readonly jobs: number;
  readonly p50: number | null;
  readonly p90: number | null;
}

/** How long a tenant's own jobs of the last hour waited, looked at once a minute at most. */
@Injectable()
export class TenantWaits {
  private readonly waits = new TtlCache<Waits>(TTL_MS, MAX_TENANTS);

  constructor(private readonly db: TenantDb) {}

  /** @param tenantId uuid */
  of(tenantId: string): Promise<Waits> {
    return this.waits.get(tenantId, async () => {
      const query = { name: 'tenant-waits', text: READ, values: [tenantId] };
      const [row] = await this.db.one<Waits & Record<string, unknown>>(tenantId, query);
      return row!;
    });
  }
}
