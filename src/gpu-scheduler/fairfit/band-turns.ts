import { PRIORITY_BANDS, type PriorityBand } from '../work-item.js';

/** A band with work that was passed over this many times goes first once: at least one batch in nine is its own. */
const MAX_PASSED_OVER = 8;

/**
 * Which band goes next on one device. The highest band with work goes first; a lower one that was passed over eight
 * times in a row has the next turn. So no band starves, and the highest keeps at least seven batches in nine.
 */
export class BandTurns {
  private readonly passedOver: Record<PriorityBand, number> = { interactive: 0, standard: 0, bulk: 0 };

  /** Chooses among the bands that have work for the device and counts the turn; null when there is none. */
  next(available: readonly PriorityBand[]): PriorityBand | null {
    const chosen = available.find((band) => this.passedOver[band] >= MAX_PASSED_OVER) ?? available[0];
    if (!chosen) return null;
    for (const band of PRIORITY_BANDS) {
      this.passedOver[band] = band !== chosen && available.includes(band) ? this.passedOver[band] + 1 : 0;
    }
    return chosen;
  }
}

/** The bands in the order in which a batch is filled when `first` has the turn. */
export function fillOrder(first: PriorityBand): readonly PriorityBand[] {
  return [first, ...PRIORITY_BANDS.filter((band) => band !== first)];
}
