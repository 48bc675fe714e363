import { Injectable } from '@nestjs/common';
import { TtlCache } from '../common/ttl-cache.js';
import { TenantDb } from '../database/tenant-db.js';
import type { MoneyDto } from '../http/money.dto.js';
import { decimalTimes } from './decimal.js';

/** A new price, or another plan, is seen this late; what a job bills is read with its end. */
const TTL_MS = 5_000;
const MAX_TENANTS = 10_000;
const NOW = `select trim_scale(p.unit_price)::text as value, p.currency from maru.price_at($1, now()) p`;

/** What a unit costs a tenant now. */
@Injectable()
export class UnitPrices {
  private readonly prices = new TtlCache<MoneyDto | null>(TTL_MS, MAX_TENANTS);

  constructor(private readonly db: TenantDb) {}

  /** Null when the tenant's plan has no price. @param tenantId uuid */
  of(tenantId: string): Promise<MoneyDto | null> {
    return this.prices.get(tenantId, () => this.read(tenantId));
  }

  /** What these units cost; a test job has none and costs 0. */
  async amountOf(tenantId: string, units: number): Promise<MoneyDto | null> {
    const price = await this.of(tenantId);
    return price && { value: decimalTimes(price.value, units), currency: price.currency };
  }

  private async read(tenantId: string): Promise<MoneyDto | null> {
    const query = { name: 'unit-price', text: NOW, values: [tenantId] };
    const [row] = await this.db.one<{ value: string; currency: string }>(tenantId, query);
    return row ? { value: row.value, currency: row.currency } : null;
  }
}
