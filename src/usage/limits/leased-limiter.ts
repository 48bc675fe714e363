import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Clock, SystemClock } from '../../common/clock.js';
import type { LimitState } from '../../http/limit-state.js';
import { LimitExceededError } from '../../http/quota-exceeded.error.js';
import { LeasedAccount } from './leased-account.js';
import { QuotaLeaseRepository } from './quota-lease.repository.js';
import { type LeasedName, WHOLE_TENANT } from './quota-names.js';

/** Something to take from a limit. */
export interface Charge {
  readonly name: LeasedName;
  /** uuid of the API key for the policy `key`. */
  readonly subject?: string;
  /** Default 1. */
  readonly amount?: number;
}

/** Accounts of one tenant and the lease that is on its way. */
interface TenantAccounts {
  readonly accounts: Map<string, LeasedAccount>;
  leasing: Promise<void> | null;
}

/** Tenants in memory; the ones without a running window go first. */
const MAX_TENANTS = 10_000;

/**
 * Counts requests against limits that all processes share. The database has the truth; each process leases small slices
 * of it, and a request is a decrement in memory. The sum never exceeds a limit; four processes leave at most 2 % unused.
 */
@Injectable()
export class LeasedLimiter implements OnModuleDestroy {
  private readonly log = new Logger(LeasedLimiter.name);
  private readonly clock: Clock = new SystemClock();
  private readonly tenants = new Map<string, TenantAccounts>();

  constructor(private readonly repository: QuotaLeaseRepository) {}

  /**
   * Takes all charges, or none of them.
   * @returns how the tenant stands against each limit afterwards
   * @throws LimitExceededError
   */
  async take(tenantId: string, charges: readonly Charge[]): Promise<LimitState[]> {
    const tenant = this.tenantOf(tenantId);
    const wanted = charges.map((charge) => ({ account: accountOf(tenant, charge), amount: charge.amount ?? 1 }));
    for (;;) {
      const nowMs = this.clock.monotonic();
      const missing = wanted.filter(({ account, amount }) => !account.has(amount, nowMs));
      if (missing.length === 0) break;
      const empty = missing.filter(({ account, amount }) => account.isEmpty(amount, nowMs));
      if (empty.length > 0) throw new LimitExceededError(empty.map(({ account }) => account.state(nowMs)));
      for (const { account, amount } of missing) account.waiting += amount;
      await (tenant.leasing ?? this.lease(tenantId, tenant)).finally(() => {
        for (const { account, amount } of missing) account.waiting -= amount;
      });
    }
    const nowMs = this.clock.monotonic();
    for (const { account, amount } of wanted) account.take(amount);
    if (!tenant.leasing && wanted.some(({ account }) => account.isLow(nowMs))) this.leaseAhead(tenantId, tenant);
    return wanted.map(({ account }) => account.state(nowMs));
  }

  /** Takes charges back of something that did not happen. */
  giveBack(tenantId: string, charges: readonly Charge[]): void {
    const tenant = this.tenantOf(tenantId);
    const nowMs = this.clock.monotonic();
    for (const charge of charges) accountOf(tenant, charge).giveBack(charge.amount ?? 1, nowMs);
  }

  /** Other processes may use what this one holds. */
  async onModuleDestroy(): Promise<void> {
    const nowMs = this.clock.monotonic();
    for (const [tenantId, { accounts, leasing }] of this.tenants) {
      await leasing?.catch(() => undefined);
      const unused = [...accounts.values()].map((account) => {
        return { name: account.name, subject: account.subject, unused: account.release(nowMs) };
      });
      const slices = unused.filter((slice) => slice.unused > 0);
      if (slices.length === 0) continue;
      await this.repository
        .giveBack(tenantId, slices)
        .catch((error: Error) => this.log.warn(`unused quota of a tenant was not given back: ${error.message}`));
    }
  }

  private leaseAhead(tenantId: string, tenant: TenantAccounts): void {
    this.lease(tenantId, tenant).catch((error: Error) =>
      this.log.warn(`a quota could not be leased ahead of need: ${error.message}`),
    );
  }

  /** One lease at a time for a tenant, for all of its accounts that need one. */
  private lease(tenantId: string, tenant: TenantAccounts): Promise<void> {
    tenant.leasing = this.leaseWhatIsMissing(tenantId, tenant).finally(() => (tenant.leasing = null));
    return tenant.leasing;
  }

  private async leaseWhatIsMissing(tenantId: string, tenant: TenantAccounts): Promise<void> {
    await Promise.resolve(); // whoever waits has said so by now
    const nowMs = this.clock.monotonic();
    const requests = [...tenant.accounts.values()]
      .filter((account) => account.waiting > 0 || account.isLow(nowMs))
      .map((account) => ({
        account,
        name: account.name,
        subject: account.subject,
        wanted: Math.max(1, account.waiting),
      }));
    const leases = await this.repository.lease(tenantId, requests);
    for (const { account, name, subject, wanted } of requests) {
      const lease = leases.find((granted) => granted.name === name && granted.subject === subject);
      if (!lease) throw new Error(`the plan of the tenant has no limit "${name}"`);
      account.refill(lease, wanted, nowMs); // by the time of asking: a window never ends too late
    }
  }

  private tenantOf(tenantId: string): TenantAccounts {
    const known = this.tenants.get(tenantId);
    if (known) return known;
    if (this.tenants.size >= MAX_TENANTS) this.forgetIdle();
    const tenant: TenantAccounts = { accounts: new Map(), leasing: null };
    this.tenants.set(tenantId, tenant);
    return tenant;
  }

  private forgetIdle(): void {
    const nowMs = this.clock.monotonic();
    for (const [id, { accounts, leasing }] of this.tenants) {
      if (!leasing && [...accounts.values()].every((account) => account.isOver(nowMs))) this.tenants.delete(id);
    }
  }
}

function accountOf({ accounts }: TenantAccounts, { name, subject = WHOLE_TENANT }: Charge): LeasedAccount {
  const key = `${name} ${subject}`;
  const known = accounts.get(key);
  if (known) return known;
  const account = new LeasedAccount(name, subject);
  accounts.set(key, account);
  return account;
}
