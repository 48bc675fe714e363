import type { TensorMap } from '../inference/tensor.js';

/** Forgetting of a tenant's usual item. */
const ALPHA = 0.1;

interface Holding {
  bytes: number;
  items: number;
  /** Bytes of a usual item. */
  itemBytes: number;
}

/**
 * The tensors of queued and running items, by tenant. A tenant may hold as much as is free, so that one alone has half of
 * it and a newcomer always finds room (the rule of FairShare, in bytes that are known before anything is claimed).
 */
export class TensorMemory {
  private readonly holdings = new Map<string, Holding>();
  private totalBytes = 0;

  /** @param limitBytes of all tenants together */
  constructor(private readonly limitBytes: number) {}

  /** Bytes of all items here. */
  get bytes(): number {
    return this.totalBytes;
  }

  /** True when an item of this size still fits. */
  fits(bytes: number): boolean {
    return this.totalBytes === 0 || this.totalBytes + bytes <= this.limitBytes;
  }

  add(tenantId: string, bytes: number): void {
    const holding = this.holdings.get(tenantId) ?? { bytes: 0, items: 0, itemBytes: bytes };
    holding.bytes += bytes;
    holding.items += 1;
    holding.itemBytes += ALPHA * (bytes - holding.itemBytes);
    this.holdings.set(tenantId, holding);
    this.totalBytes += bytes;
  }

  remove(tenantId: string, bytes: number): void {
    const holding = this.holdings.get(tenantId);
    if (!holding) return;
    holding.bytes -= bytes;
    holding.items -= 1;
    this.totalBytes -= bytes;
    if (holding.items === 0) this.holdings.delete(tenantId);
  }

  /** Usual items of the tenant that its share has room for; Infinity while it has none here to go by. */
  roomFor(tenantId: string): number {
    const holding = this.holdings.get(tenantId);
    if (!holding || holding.itemBytes === 0) return this.totalBytes < this.limitBytes ? Infinity : 0;
    return Math.max(0, Math.floor((this.limitBytes - this.totalBytes - holding.bytes) / holding.itemBytes));
  }
}

/** Bytes of an item's rows. */
export function bytesOf(input: TensorMap): number {
  let bytes = 0;
  for (const { rows } of Object.values(input)) for (const row of rows) bytes += row.bytes;
  return bytes;
}
