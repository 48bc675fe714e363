import { HeapSlot } from './index-heap.js';
import { SLO_CLASSES } from './slo-class.js';
import { TenantCost } from './tenant-cost.js';

/** What a band account needs of its tenant. */
interface Owner {
  readonly tenantId: string;
  readonly serial: number;
  readonly weight: number;
  readonly isAtLimit: boolean;
  /** Its accounts, by band. */
  readonly bands: readonly BandAccount[];
}

/** A queue of the account that left its heap because the tenant was at its limit. */
export interface Parked {
  /** Number of the lane and band. */
  readonly home: number;
  unpark(): void;
}

/** A tenant in one band: how far it has been served and what it has queued there. */
export class BandAccount {
  /** Virtual time, device ms per weight. */
  vtimeMs = 0;
  /** Device ms that were charged too much; the next charges use them up, so that virtual time never falls for it. */
  creditMs = 0;
  /** How dear its rows are beside others'. */
  readonly cost = new TenantCost();
  queuedItems = 0;
  queuedRows = 0;
  /** Queued items whose model is resident somewhere. */
  residentItems = 0;
  datedItems = 0;
  /** Cost of all queued items, device ms. */
  queuedMs = 0;
  /** Cost of the dated ones. */
  datedMs = 0;
  readonly byVtime: HeapSlot<BandAccount>;
  readonly byVtimeOfAll: HeapSlot<BandAccount>;
  readonly byLoad: HeapSlot<BandAccount>;
  readonly byWeight: HeapSlot<BandAccount>;
  /** Numbers of the lanes with a queue of the account. */
  readonly homes = new Map<number, number>();
  readonly parked = new Set<Parked>();
  private readonly datedMsBySlo = new Float64Array(SLO_CLASSES);
  private widestSlo = 0;

  constructor(
    readonly tenant: Owner,
    readonly band: number,
  ) {
    this.byVtime = new HeapSlot<BandAccount>(this, tenant.serial);
    this.byVtimeOfAll = new HeapSlot<BandAccount>(this, tenant.serial);
    this.byLoad = new HeapSlot<BandAccount>(this, tenant.serial);
    this.byWeight = new HeapSlot<BandAccount>(this, tenant.serial);
  }

  /** A queue of the account appears in a lane, or goes. */
  countHome(home: number, sign: 1 | -1): void {
    const count = (this.homes.get(home) ?? 0) + sign;
    if (count > 0) this.homes.set(home, count);
    else this.homes.delete(home);
  }

  /** Posts device ms: what was charged too much before is used up first. */
  pay(ms: number): void {
    const used = Math.min(this.creditMs, ms);
    this.creditMs -= used;
    this.vtimeMs += (ms - used) / this.tenant.weight;
  }

  /** Adds a dated item's cost, or takes exactly the same out again. */
  countDated(costMs: number, sloClass: number, sign: 1 | -1): void {
    this.datedItems += sign;
    if (this.datedItems === 0) {
      this.datedMs = 0;
      this.datedMsBySlo.fill(0);
      return;
    }
    this.widestSlo = Math.max(this.widestSlo, sloClass);
    this.datedMs += sign * costMs;
    this.datedMsBySlo[sloClass] = (this.datedMsBySlo[sloClass] as number) + sign * costMs;
  }

  /** Q: cost of the dated items in lanes with an SLO of this class or a tighter one, device ms. */
  datedMsWithin(sloClass: number): number {
    if (sloClass >= this.widestSlo) return this.datedMs;
    let sum = 0;
    for (let slo = 0; slo <= sloClass; slo += 1) sum += this.datedMsBySlo[slo] as number;
    return sum;
  }
}
