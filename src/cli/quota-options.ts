import type { QuotaOverride } from '../tenants/tenant-settings.js';
import { QUOTA_NAMES } from '../usage/limits/quota-names.js';
import { CommandRefusedError } from './command-refused.error.js';
import { slugsOf } from './option-values.js';

/**
 * Exceptions as they are typed: `daily=20000,queued=500`.
 * @param expiresAt of all of them; null = until they are taken back
 * @throws CommandRefusedError
 */
export function quotasOf(text: string, reason: string, expiresAt: Date | null): QuotaOverride[] {
  const quotas = slugsOf(text).map((entry) => {
    const [name = '', limit = ''] = entry.split('=', 2);
    if (!(QUOTA_NAMES as readonly string[]).includes(name) || !/^\d{1,15}$/.test(limit)) {
      throw new CommandRefusedError(
        `"${entry}" is no limit. Write name=number; the names are ${QUOTA_NAMES.join(', ')}.`,
      );
    }
    return { name, limit: Number(limit), reason, expiresAt };
  });
  if (new Set(quotas.map(({ name }) => name)).size < quotas.length) {
    throw new CommandRefusedError('Each limit may be given once.');
  }
  return quotas;
}

/** @throws CommandRefusedError for what is no instant */
export function instantOf(option: string, text: string | undefined): Date | null {
  if (text === undefined) return null;
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime())) throw new CommandRefusedError(`${option} must be a date such as 2026-12-31.`);
  return instant;
}
