/** Batches that count: older ones are forgotten with this weight. */
const ALPHA = 1 / 256;
/** Fewer batches tell nothing. */
const MIN_BATCHES = 32;
/** An estimate counts as far as it exceeds this many standard errors. */
const SURE_ERRORS = 2;
/** Part of the way to a new estimate: the other tenants' estimates move at the same time. */
const STEP = 0.02;
const MIN_FACTOR = 0.25;
const MAX_FACTOR = 4;

/**
 * How dear a tenant's rows are beside the other rows of its batches. The run time of one mixed batch cannot tell whose
 * rows were dear; over many batches, those with more of the tenant's rows take longer. A straight line of actual over
 * expected time against the tenant's share, with forgetting, O(1) per batch: its slope over its value at share 0 is
 * what the tenant's rows cost beyond 1. The estimate is shrunk towards 1 by its own standard error.
 */
export class TenantCost {
  /** 1 = as dear as the others. */
  factor = 1;
  private batches = 0;
  private meanShare = 0;
  private meanRatio = 0;
  private varShare = 0;
  private varRatio = 0;
  private covariance = 0;

  /**
   * @param share the tenant's rows in the batch, 0 to 1
   * @param ratio actual over expected run time
   */
  learn(share: number, ratio: number): void {
    if (!Number.isFinite(ratio) || ratio > 2 * MAX_FACTOR) return;
    this.batches += 1;
    const alpha = Math.max(ALPHA, 1 / this.batches);
    const dShare = share - this.meanShare;
    const dRatio = ratio - this.meanRatio;
    this.meanShare += alpha * dShare;
    this.meanRatio += alpha * dRatio;
    this.varShare = (1 - alpha) * (this.varShare + alpha * dShare * dShare);
    this.varRatio = (1 - alpha) * (this.varRatio + alpha * dRatio * dRatio);
    this.covariance = (1 - alpha) * (this.covariance + alpha * dShare * dRatio);
    if (this.batches >= MIN_BATCHES) this.estimate();
  }

  private estimate(): void {
    if (this.varShare < 1e-9) return;
    const slope = this.covariance / this.varShare;
    const rest = Math.max(0, this.varRatio - slope * this.covariance);
    const errorSquared = rest / (this.varShare * Math.min(this.batches, 1 / ALPHA));
    const sure = slope === 0 ? 0 : Math.max(0, 1 - (SURE_ERRORS * SURE_ERRORS * errorSquared) / (slope * slope));
    const others = Math.max(0.1, this.meanRatio - slope * this.meanShare);
    const factor = Math.max(MIN_FACTOR, Math.min(MAX_FACTOR, 1 + (sure * slope) / others));
    this.factor += STEP * (factor - this.factor);
  }
}
