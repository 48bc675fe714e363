import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { inTransaction } from '../../database/in-transaction.js';
import { PlatformPool } from '../../database/role-pool.js';
import type { PlanLimitName } from './plan-limit-names.js';

/** What a unit costs from an instant on. */
export interface PlanPrice {
  readonly validFrom: string;
  /** Decimal number as text. */
  readonly value: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** What an installation offers its tenants. */
export interface Plan {
  readonly name: string;
  readonly limits: Readonly<Partial<Record<PlanLimitName, number>>>;
  /** Oldest first. */
  readonly prices: readonly PlanPrice[];
  /** Tenants that have it now. */
  readonly tenants: number;
}

const FIND = `
select p.name,
       (select coalesce(json_object_agg(l.name, l.quota order by l.name), '{}') from maru.plan_limits l where l.plan = p.name) as limits,
       (select coalesce(json_agg(json_build_object(
                 'validFrom', to_char(r.valid_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                 'value', trim_scale(r.unit_price)::text, 'currency', r.currency) order by r.valid_from), '[]')
          from maru.plan_prices r where r.plan = p.name) as prices,
       (select count(*)::int from maru.tenants t where coalesce(
          (select c.plan from maru.tenant_plans c where c.tenant_id = t.id and c.valid_from <= now() order by c.valid_from desc limit 1),
          'standard') = p.name) as tenants
  from maru.plans p where $1::text is null or p.name = $1 order by p.name`;
const LOCK = `select pg_advisory_xact_lock(hashtext('maru.plan ' || $1))`;
const CREATE = `insert into maru.plans (name) values ($1) on conflict do nothing`;
const SET_LIMIT = `
insert into maru.plan_limits (plan, name, quota) values ($1, $2, $3)
on conflict (plan, name) do update set quota = excluded.quota where plan_limits.quota <> excluded.quota`;
const ADD_PRICE = `
insert into maru.plan_prices (plan, valid_from, unit_price, currency) values ($1, coalesce($2, clock_timestamp()), $3, $4)
on conflict do nothing`;

/** Plans of the installation, as maru_platform. */
@Injectable()
export class PlansRepository {
  constructor(private readonly pool: PlatformPool) {}

  /** By name. */
  async list(): Promise<Plan[]> {
    return (await this.pool.query<Plan>(FIND, [null])).rows;
  }

  /** Does the work as the only one that changes this plan. */
  alone<T>(name: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, async (client) => {
      await client.query(LOCK, [name]);
      return work(client);
    });
  }

  async find(client: pg.PoolClient, name: string): Promise<Plan | null> {
    return (await client.query<Plan>(FIND, [name])).rows[0] ?? null;
  }

  async create(client: pg.PoolClient, name: string): Promise<void> {
    await client.query(CREATE, [name]);
  }

  async setLimit(client: pg.PoolClient, plan: string, name: PlanLimitName, quota: number): Promise<void> {
    await client.query(SET_LIMIT, [plan, name, quota]);
  }

  /** @param validFrom null = now @returns false when another price begins at this instant */
  async addPrice(
    client: pg.PoolClient,
    plan: string,
    { validFrom, value, currency }: { validFrom: Date | null; value: string; currency: string },
  ): Promise<boolean> {
    return (await client.query(ADD_PRICE, [plan, validFrom, value, currency])).rowCount === 1;
  }
}
