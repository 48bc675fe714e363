import type { Band } from './band.js';
import type { RunningBatch } from './device-state.js';
import type { Item } from './item.js';
import type { FairFitOptions } from './options.js';
import type { Queues } from './queues.js';

/** Posts device time to tenants and bands: the estimate at dispatch, the difference at completion. */
export class Charging {
  /** Device time that no tenant caused, ms: lost runs, loads that nobody used. */
  platformMs = 0;

  constructor(
    private readonly queues: Queues,
    private readonly options: FairFitOptions,
  ) {}

  /**
   * Divides a run by size, and by how dear the tenants' rows have proven to be.
   * @returns device ms per item, in their order; they add up to runMs
   */
  divide(items: readonly Item[], runMs: number): readonly number[] {
    const parts: number[] = [];
    let sum = 0;
    for (const item of items) {
      const part = item.size * this.factorOf(item);
      parts.push(part);
      sum += part;
    }
    for (let i = 0; i < parts.length; i += 1) parts[i] = (runMs * (parts[i] as number)) / sum;
    return parts;
  }

  /**
   * At dispatch: every item pays its part of the run and of the load before it.
   * @param speed ms of the lane's reference class per ms of the device: virtual time counts those, so that nobody falls
   * behind its share for having been served on a slow device
   */
  charge(items: readonly Item[], charges: readonly number[], loadMs: number, speed: number): void {
    const runMs = charges.reduce((sum, charge) => sum + charge, 0);
    const perBand = this.queues.bands.map(() => 0);
    let undatedMs = 0;
    for (let i = 0; i < items.length; i += 1) {
      const item = items[i] as Item;
      const ms = charges[i] as number;
      const total = ms + (runMs > 0 ? (loadMs * ms) / runMs : loadMs / items.length);
      item.account.pay(total * speed);
      item.tenant.chargedDeviceMs += total;
      perBand[item.account.band] = (perBand[item.account.band] as number) + total;
      if (!item.isDated) undatedMs += total;
    }
    this.credit(perBand, runMs + loadMs, undatedMs);
  }

  /** At completion: the difference between the actual and the estimated run goes to those who paid, exactly. */
  reconcile({ items, charges, predictedMs, served, rows, speed }: RunningBatch, actualMs: number): void {
    const delta = actualMs - predictedMs;
    if (delta !== 0) {
      const paid = charges.reduce((sum, charge) => sum + charge, 0);
      items.forEach((item, i) => {
        this.post(item, paid > 0 ? (delta * (charges[i] as number)) / paid : delta / items.length, speed);
      });
    }
    // Credits leave the virtual time where it is; only a run that took longer moves accounts.
    if (delta > 0) for (const account of served.keys()) this.queues.settle(account);
    if (!this.options.learnTenantCosts || served.size < 2) return;
    this.learn(served, rows, actualMs / Math.max(1e-9, predictedMs));
  }

  /** A run was lost through no fault of its items: they get everything back, the platform pays what it took. */
  refund({ items, charges, loadMs, speed }: RunningBatch, actualMs: number): void {
    const paid = charges.reduce((sum, charge) => sum + charge, 0);
    items.forEach((item, i) => {
      const charge = charges[i] as number;
      this.post(item, -charge - (paid > 0 ? (loadMs * charge) / paid : loadMs / items.length), speed);
    });
    this.platformMs += actualMs + loadMs;
  }

  private post({ account, tenant }: Item, ms: number, speed: number): void {
    tenant.chargedDeviceMs += ms;
    const band = this.queues.bands[account.band] as Band;
    band.serviceMs += ms;
    if (ms >= 0) account.pay(ms * speed);
    else account.creditMs -= ms * speed;
  }

  /** Every band with work earns its floor; a band loses what it had. Aged undated items earn and lose alike. */
  private credit(perBand: readonly number[], totalMs: number, undatedMs: number): void {
    for (const band of this.queues.bands) {
      const own = perBand[band.index] as number;
      band.serviceMs += own;
      if (!band.isEmpty) band.creditMs = Math.min(band.creditMs + band.floor * totalMs, 2 * band.nextBatchMs);
      band.creditMs = Math.max(0, band.creditMs - own);
      if (own === 0 || band.undatedItems === 0) continue;
      const earned = band.agedCreditMs + this.options.agedShare * own;
      const isContended = band.lanes.size > 0;
      band.agedCreditMs = Math.max(0, Math.min(earned, 2 * band.nextUndatedMs) - (isContended ? undatedMs : 0));
    }
  }

  /** Each tenant's factor is learned from what the others' factors leave unexplained. */
  private learn(served: RunningBatch['served'], rows: number, ratio: number): void {
    let explained = 0;
    for (const [account, { rows: own }] of served) explained += (own / rows) * (account.cost.factor - 1);
    for (const [account, { rows: own }] of served) {
      const share = own / rows;
      const { factor } = account.cost;
      account.cost.learn(share, ratio - explained + share * (factor - 1));
      explained += share * (account.cost.factor - factor);
    }
  }

  private factorOf(item: Item): number {
    return this.options.learnTenantCosts ? item.account.cost.factor : 1;
  }
}
