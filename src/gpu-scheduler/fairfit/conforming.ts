import type { BandAccount } from './band-account.js';
import type { Band } from './band.js';
import type { Lane } from './lane.js';

/**
 * Who stays inside its share: a tenant conforms in a lane when its dated queue, in lanes as tight or tighter, in this
 * band and above, drains at its fair share within a part phi of the SLO: Q <= phi * S * N * w / sum of active weights.
 */
export class Conforming {
  /** @param limitMs queued device ms per weight up to which a tenant conforms */
  private constructor(
    private readonly sloClass: number,
    private readonly limitMs: number,
  ) {}

  static inLane(lane: Lane, band: Band, phi: number): Conforming {
    const devices = lane.devicesIn(lane.model.referenceClass ?? '');
    return new Conforming(lane.sloClass, (phi * lane.sloMs * devices) / Math.max(1e-9, band.weights));
  }

  holds(account: BandAccount): boolean {
    let queuedMs = 0;
    for (let band = 0; band <= account.band; band += 1) {
      queuedMs += account.tenant.bands[band]?.datedMsWithin(this.sloClass) ?? 0;
    }
    return queuedMs <= this.limitMs * account.tenant.weight;
  }

  /** True when the tenant with the shortest dated queue for its weight would conform here: then somebody does. */
  holdsForAny(band: Band): boolean {
    const least = band.byLoad.peek();
    return least !== null && least.key <= this.limitMs;
  }
}
