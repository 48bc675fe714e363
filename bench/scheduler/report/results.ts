import type { Measured } from '../workloads/workload.js';

/** What one workload gave, by cell and policy, seeds in order. */
export class Results {
  private readonly all = new Map<string, Measured[]>();

  add(cell: string, policy: string, measured: Measured): void {
    const key = `${cell}|${policy}`;
    const list = this.all.get(key);
    if (list) list.push(measured);
    else this.all.set(key, [measured]);
  }

  of(cell: string, policy: string): readonly Measured[] {
    return this.all.get(`${cell}|${policy}`) ?? [];
  }

  /** One figure over the seeds. */
  values(cell: string, policy: string, figure: string): number[] {
    return this.of(cell, policy).map(({ figures }) => figures[figure] ?? NaN);
  }

  /** By seed the best of `rivals` in a figure; empty when none of them ran. */
  bestOf(cell: string, rivals: readonly string[], figure: string): number[] {
    const lists = rivals.map((rival) => this.values(cell, rival, figure)).filter((list) => list.length > 0);
    return (lists[0] ?? []).map((_, seed) => Math.max(...lists.map((list) => list[seed] ?? -Infinity)));
  }

  /** By seed a policy's figure over that of the best rival; empty when either did not run. */
  ratios(cell: string, policy: string, rivals: readonly string[], figure: string, rivalFigure = figure): number[] {
    const best = this.bestOf(cell, rivals, rivalFigure);
    if (best.length === 0) return [];
    return this.values(cell, policy, figure).map((value, seed) => value / (best[seed] ?? NaN));
  }
}
