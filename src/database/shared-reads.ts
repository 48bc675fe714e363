import { KeyedLanes } from './keyed-lanes.js';

/** Largest statement: 200 jobs of a few KiB are about 1 MiB. */
const MAX_IDS = 200;

/** A row with the id that it is asked for by. */
interface Keyed {
  readonly id: string;
}
type Asked<Row> = Map<string, PromiseWithResolvers<Row | null>>;

/**
 * Reads of single rows by many callers, made together: one statement for all ids of a tenant that were asked for in the
 * same tick or while the statement before was under way, and one read for all callers of one id. Every read begins after
 * it was asked for, so it sees all that was committed before.
 */
export class SharedReads<Row extends Keyed> {
  private readonly waiting = new Map<string, Asked<Row>>();
  private readonly lanes = new KeyedLanes<string>((tenantId) => this.readSome(tenantId));

  /** @param read finds at most 200 rows of a tenant; their order does not matter */
  constructor(private readonly read: (tenantId: string, ids: string[]) => Promise<Row[]>) {}

  /** The row; null when the tenant has none with this id. */
  get(tenantId: string, id: string): Promise<Row | null> {
    const ofTenant: Asked<Row> = this.waiting.get(tenantId) ?? new Map();
    const asked = ofTenant.get(id) ?? Promise.withResolvers<Row | null>();
    this.waiting.set(tenantId, ofTenant.set(id, asked));
    this.lanes.wake(tenantId);
    return asked.promise;
  }

  private async readSome(tenantId: string): Promise<void> {
    const asked = this.take(tenantId);
    if (asked.size === 0) return;
    try {
      const rows = new Map((await this.read(tenantId, [...asked.keys()])).map((row) => [row.id, row]));
      for (const [id, { resolve }] of asked) resolve(rows.get(id) ?? null);
    } catch (error) {
      for (const { reject } of asked.values()) reject(error);
    }
  }

  private take(tenantId: string): Asked<Row> {
    const all = this.waiting.get(tenantId) ?? new Map();
    this.waiting.delete(tenantId);
    if (all.size <= MAX_IDS) return all;
    const entries = [...all];
    this.waiting.set(tenantId, new Map(entries.slice(MAX_IDS)));
    this.lanes.wake(tenantId);
    return new Map(entries.slice(0, MAX_IDS));
  }
}
