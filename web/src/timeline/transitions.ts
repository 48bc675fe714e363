import type { JobStatus, Transition } from '../api/types.js';

/** A timeline after news: `hasGap` means that rows are missing and the whole must be read again. */
export interface Merged {
  readonly rows: readonly Transition[];
  readonly hasGap: boolean;
}

/** Adds rows to a timeline. A row whose `seq` is held already changes nothing; a jump in `seq` adds nothing. */
export function mergeTransitions(held: readonly Transition[], incoming: readonly Transition[]): Merged {
  const rows = [...held];
  for (const row of [...incoming].sort((a, b) => a.seq - b.seq)) {
    const last = rows.at(-1)?.seq ?? 0;
    if (row.seq <= last) continue;
    if (row.seq > last + 1) return { rows, hasGap: true };
    rows.push(row);
  }
  return { rows, hasGap: false };
}

/** Status that the newest row tells; null for an empty timeline. */
export function statusOf(rows: readonly Transition[]): JobStatus | null {
  return rows.at(-1)?.status ?? null;
}
