import { Injectable } from '@nestjs/common';
import { TtlCache } from '../../common/ttl-cache.js';
import { FleetRepository, type FleetWaits, type WorkingTenant } from './fleet.repository.js';
import { entitledShare } from './share.js';

const WORKING_MS = 5_000;
const WAITS_MS = 60_000;
/** With fewer tenants one could tell from the numbers of all what those of another one are. */
const MIN_TENANTS = 3;
const ALL = 'all';

/** What a tenant may know of the others: its share, and quantiles of them all. */
@Injectable()
export class Fleet {
  private readonly working = new TtlCache<readonly WorkingTenant[]>(WORKING_MS, 1);
  private readonly seenWaits = new TtlCache<FleetWaits>(WAITS_MS, 1);

  constructor(private readonly repository: FleetRepository) {}

  /** Share of the devices that the tenant is entitled to now, 0 to 1 with two digits. */
  async share(tenantId: string, weight: number): Promise<number> {
    const working = await this.working.get(ALL, () => this.repository.working());
    const others = working.filter(({ id }) => id !== tenantId);
    return entitledShare(
      weight,
      others.map((other) => other.weight),
    );
  }

  /** How long jobs of all tenants of the last hour waited, ms; null when fewer than three tenants had any. */
  async waits(): Promise<{ readonly p50: number; readonly p90: number } | null> {
    const { tenants, p50, p90 } = await this.seenWaits.get(ALL, () => this.repository.waits());
    return tenants < MIN_TENANTS || p50 === null || p90 === null ? null : { p50, p90 };
  }
}
