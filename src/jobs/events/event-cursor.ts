/**
 * A place in a tenant's event log. Rows are ordered by the transaction that wrote them, and only those of transactions
 * before the oldest running one are read: none can appear before a place that was reached.
 */
export interface EventCursor {
  /** Transaction of the row. All rows of earlier ones lie before this place. */
  readonly xid: bigint;
  /** Transitions of that transaction's row that lie before this place. */
  readonly taken: number;
  /** When that transaction began, epoch ms: says whether the log still reaches back to here. */
  readonly atMs: number;
}

/** Negative when `a` lies before `b`, 0 for the same place. */
export function compareCursors(a: EventCursor, b: EventCursor): number {
  if (a.xid !== b.xid) return a.xid < b.xid ? -1 : 1;
  return a.taken - b.taken;
}

/** Text form, for sealing. */
export function cursorText({ xid, taken, atMs }: EventCursor): string {
  return `${xid}.${taken}.${atMs}`;
}

/** The cursor of a text that `cursorText` made. */
export function cursorFrom(text: string): EventCursor {
  const [xid, taken, atMs] = text.split('.');
  return { xid: BigInt(xid!), taken: Number(taken), atMs: Number(atMs) };
}
