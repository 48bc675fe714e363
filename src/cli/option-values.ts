import { CommandRefusedError } from './command-refused.error.js';

/** @throws CommandRefusedError */
export function requireWholeNumber(option: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new CommandRefusedError(`${option} must be an integer from ${least} to ${most}.`);
}

/** A list with commas, without empty entries. */
export function slugsOf(text: string): string[] {
  return text
    .split(',')
    .map((slug) => slug.trim())
    .filter(Boolean);
}

/** @throws CommandRefusedError for a reason that is missing or too long */
export function requireReason(reason: string | undefined): string {
  if (!reason || reason.length > 300) throw new CommandRefusedError('--reason must have 1 to 300 characters.');
  return reason;
}
