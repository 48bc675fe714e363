import { medianOf } from '../report/verdict.js';
import { groupedBy } from './grouped-by.js';
import type { Outcome } from './replay.js';
import type { Trace } from './trace.js';

/** How one tenant fared. Shares are those of its dated items; latencies those of what was done. */
export interface TenantOutcome {
  readonly onTimeShare: number;
  readonly doneShare: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What the platform really did, as far as the trace tells. */
export function recordedOutcome({ items }: Trace): Outcome {
  const start = items.reduce((least, { at }) => Math.min(least, at), Infinity);
  return items.map(({ finished }) => finished - start);
}

/** By tenant, in order of name. */
export function byTenant({ items }: Trace, outcome: Outcome): ReadonlyMap<string, TenantOutcome> {
  const start = items.reduce((least, { at }) => Math.min(least, at), Infinity);
  const numbers = groupedBy([...items.keys()], (i) => items[i]?.tenant ?? '');
  const sorted = [...numbers].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([tenant, of]) => [tenant, tenantOutcome(items, outcome, of, start)]));
}

/** How many items met their deadline in one outcome and not in the other. */
export function changes({ items }: Trace, before: Outcome, after: Outcome): ReadonlyMap<string, Changed> {
  const start = items.reduce((least, { at }) => Math.min(least, at), Infinity);
  const changed = new Map<string, Changed>();
  items.forEach(({ tenant, deadline }, i) => {
    if (deadline === Infinity) return;
    const was = (before[i] ?? Infinity) <= deadline - start;
    const is = (after[i] ?? Infinity) <= deadline - start;
    const { gained, lost } = changed.get(tenant) ?? { gained: 0, lost: 0 };
    changed.set(tenant, { gained: gained + (is && !was ? 1 : 0), lost: lost + (was && !is ? 1 : 0) });
  });
  return changed;
}

export interface Changed {
  readonly gained: number;
  readonly lost: number;
}

function tenantOutcome(
  items: Trace['items'],
  outcome: Outcome,
  numbers: readonly number[],
  start: number,
): TenantOutcome {
  const dated = numbers.filter((i) => (items[i]?.deadline ?? Infinity) < Infinity);
  const onTime = dated.filter((i) => (outcome[i] ?? Infinity) <= (items[i]?.deadline ?? 0) - start);
  const done = numbers.filter((i) => (outcome[i] ?? Infinity) < Infinity);
  const latencies = done.map((i) => (outcome[i] ?? 0) - ((items[i]?.at ?? 0) - start)).sort((a, b) => a - b);
  return {
    onTimeShare: onTime.length / dated.length,
    doneShare: done.length / numbers.length,
    p50Ms: medianOf(latencies),
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? NaN,
  };
}
