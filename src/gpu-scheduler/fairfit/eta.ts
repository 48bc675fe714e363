import { SampleWindow } from './sample-window.js';

/** Waits whose ratio of actual to expected is remembered. */
const WINDOW = 256;
/** Added to both sides of the ratio, so that waits of nothing do not count as infinitely wrong; ms. */
const SMOOTHING_MS = 1;
const ROUNDING_MS = 1e-6;
/** Forgetting of the share of waits that stayed below their p90. */
const COVER_ALPHA = 1 / WINDOW;

/** How good the estimates of the start have been. */
export interface EtaQuality {
  readonly samples: number;
  /** Quantiles of actual / expected wait. */
  readonly p50Ratio: number;
  readonly p90Ratio: number;
  /** Share of the waits that ended within their p90, of about the last 256; 0.9 is perfect. */
  readonly p90Coverage: number;
  /** Median of |actual - p50| in ms. */
  readonly medianErrorMs: number;
}

/** Calibrates estimated waits with what became of the last ones. */
export class Eta {
  private readonly ratios = new SampleWindow(WINDOW);
  private readonly errors = new SampleWindow(WINDOW);
  private coverage = 0.9;

  /** @param expectedMs the raw estimate that was made when the item came */
  started(expectedMs: number, actualMs: number): void {
    const { p50Ms, p90Ms } = this.quantiles(expectedMs);
    this.coverage += COVER_ALPHA * ((actualMs <= p90Ms + ROUNDING_MS ? 1 : 0) - this.coverage);
    this.errors.add(Math.abs(actualMs - p50Ms));
    this.ratios.add((actualMs + SMOOTHING_MS) / (expectedMs + SMOOTHING_MS));
  }

  /** Calibrated wait for a raw estimate, ms. */
  quantiles(expectedMs: number): { readonly p50Ms: number; readonly p90Ms: number } {
    const at = (q: number) => {
      const ratio = this.ratios.length > 0 ? this.ratios.quantile(q) : 1;
      return Math.max(0, (expectedMs + SMOOTHING_MS) * ratio - SMOOTHING_MS);
    };
    return { p50Ms: at(0.5), p90Ms: at(0.9) };
  }

  /** The quantiles of a part of an estimate, which has no smoothing of its own, ms. */
  scaled(ms: number): { readonly p50Ms: number; readonly p90Ms: number } {
    const { p50Ratio, p90Ratio } = this.ratios.length > 0 ? this.quality() : { p50Ratio: 1, p90Ratio: 1 };
    return { p50Ms: ms * p50Ratio, p90Ms: ms * p90Ratio };
  }

  quality(): EtaQuality {
    return {
      samples: this.ratios.length,
      p50Ratio: this.ratios.quantile(0.5),
      p90Ratio: this.ratios.quantile(0.9),
      p90Coverage: this.coverage,
      medianErrorMs: this.errors.quantile(0.5),
    };
  }
}
