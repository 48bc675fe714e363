/** A finished run: rows, ms, and its weight in the fit. */
interface Run {
  readonly rows: number;
  /** What the fit sees: clipped. */
  readonly ms: number;
  /** What was measured. */
  readonly rawMs: number;
  readonly weight: number;
  /** Among the latest. */
  isLate: boolean;
  isGone: boolean;
}

/** L(b) = a*b + c, ms. */
interface Line {
  readonly a: number;
  readonly c: number;
}

/** Below this spread of the sizes (rows squared) a slope cannot be learned. */
const MIN_SPREAD = 0.25;

/**
 * The latest runs with running sums for weighted least squares: O(1) per run. The latest run of the smallest and of the
 * largest size is never forgotten: it anchors the line when all later runs have one size.
 */
export class RunWindow {
  private readonly runs: Run[] = [];
  private at = 0;
  private smallest: Run | null = null;
  private largest: Run | null = null;
  private sumW = 0;
  private sumB = 0;
  private sumBB = 0;
  private sumMs = 0;
  private sumBMs = 0;

  constructor(private readonly capacity: number) {}

  /** @param scaleMs expected time: a run weighs 1/scale^2, so that the fit is of relative errors */
  add(rows: number, ms: number, scaleMs: number, rawMs = ms): void {
    const run: Run = { rows, ms, rawMs, weight: 1 / Math.max(1e-3, scaleMs) ** 2, isLate: true, isGone: false };
    const old = this.runs[this.at];
    if (old) old.isLate = false;
    this.runs[this.at] = run;
    this.at = (this.at + 1) % this.capacity;
    this.count(run, 1);
    const { smallest, largest } = this;
    if (!this.smallest || rows <= this.smallest.rows) this.smallest = run;
    if (!this.largest || rows >= this.largest.rows) this.largest = run;
    if (smallest) this.release(smallest);
    if (largest) this.release(largest);
    if (old) this.release(old);
  }

  /** Least squares over the window; null when the sizes do not tell a slope. */
  line(): Line | null {
    const meanB = this.sumB / this.sumW;
    const spread = this.sumBB / this.sumW - meanB * meanB;
    if (!(spread >= MIN_SPREAD)) return null;
    const a = (this.sumBMs / this.sumW - (meanB * this.sumMs) / this.sumW) / spread;
    return { a, c: this.sumMs / this.sumW - a * meanB };
  }

  /** Weighted mean of rows and ms. */
  mean(): { readonly rows: number; readonly ms: number } | null {
    return this.sumW > 0 ? { rows: this.sumB / this.sumW, ms: this.sumMs / this.sumW } : null;
  }

  /** Keeps only the latest runs, as they were measured, and the anchors, scaled. */
  restart(keep: number, scale: number): void {
    const latest: Run[] = [];
    for (let i = 1; i <= Math.min(keep, this.runs.length); i += 1) {
      latest.unshift(this.runs[(this.at - i + this.capacity) % this.capacity] as Run);
    }
    const anchors = [this.smallest, this.largest].filter((run) => run !== null && !latest.includes(run));
    this.clear();
    for (const run of new Set(anchors)) if (run) this.add(run.rows, run.ms * scale, run.ms * scale);
    for (const run of latest) this.add(run.rows, run.rawMs, run.rawMs);
  }

  clear(): void {
    this.runs.length = 0;
    this.at = 0;
    this.smallest = this.largest = null;
    this.sumW = this.sumB = this.sumBB = this.sumMs = this.sumBMs = 0;
  }

  /** Takes a run out of the sums once it is neither in the ring nor an anchor. */
  private release(run: Run): void {
    if (run.isGone || run === this.smallest || run === this.largest || run.isLate) return;
    run.isGone = true;
    this.count(run, -1);
  }

  private count(run: Run, sign: 1 | -1): void {
    const w = sign * run.weight;
    this.sumW += w;
    this.sumB += w * run.rows;
    this.sumBB += w * run.rows * run.rows;
    this.sumMs += w * run.ms;
    this.sumBMs += w * run.rows * run.ms;
    if (sign < 0) this.refresh();
  }

  /** Sums are built anew each time the ring went round, so that rounding never piles up. */
  private refresh(): void {
    if (this.at !== 0) return;
    this.sumW = this.sumB = this.sumBB = this.sumMs = this.sumBMs = 0;
    const live = new Set([...this.runs, this.smallest, this.largest].filter((run) => run !== null));
    for (const run of live) {
      const w = run.weight;
      this.sumW += w;
      this.sumB += w * run.rows;
      this.sumBB += w * run.rows * run.rows;
      this.sumMs += w * run.ms;
      this.sumBMs += w * run.rows * run.ms;
    }
  }
}
