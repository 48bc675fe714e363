import type { DeviceState, Residency } from './device-state.js';

/**
 * Copies that must go so that the bytes fit, the least recently used first. Pinned copies and copies used within the
 * hysteresis stay; every victim must be old enough.
 * @param keepMs a copy stays this long after its last use
 * @returns the victims (none when there is room), or the instant from which it may work; null = never on this device
 */
export function victimsFor(
  device: DeviceState,
  bytes: number,
  keepMs: number,
  nowMs: number,
): { readonly victims: readonly Residency[] } | { readonly retryAtMs: number } | null {
  const budget = device.memoryBytes ?? 0;
  let missing = device.usedBytes + bytes - budget;
  const victims: Residency[] = [];
  let retryAtMs = nowMs;
  const oldest = [...device.resident.values()].sort((a, b) => a.lastUseMs - b.lastUseMs);
  for (const copy of oldest) {
    if (missing <= 0) break;
    if (copy.isPinned || copy.isLeaving) continue;
    victims.push(copy);
    missing -= copy.bytes;
    retryAtMs = Math.max(retryAtMs, copy.lastUseMs + keepMs);
  }
  if (missing > 0) return null;
  return retryAtMs > nowMs ? { retryAtMs } : { victims };
}
