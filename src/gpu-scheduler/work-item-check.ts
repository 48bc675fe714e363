import { SchedulerError } from './gpu-scheduler.errors.js';
import { PRIORITY_BANDS, type WorkItem } from './work-item.js';

/** Throws SchedulerError `invalid_item` when an item breaks a rule of its type that the compiler cannot see. */
export function assertValidItem(item: WorkItem): void {
  const fault = faultOf(item);
  if (fault) throw new SchedulerError('invalid_item', `Item ${item.itemId || '(no id)'}: ${fault}.`);
}

function faultOf(item: WorkItem): string | null {
  if (!item.itemId) return 'itemId must not be empty';
  if (!item.tenantId) return 'tenantId must not be empty';
  if (!(item.weight > 0 && Number.isFinite(item.weight))) return 'weight must be a number above 0';
  if (!PRIORITY_BANDS.includes(item.band)) return `band must be one of ${PRIORITY_BANDS.join(', ')}`;
  if (!(Number.isInteger(item.size) && item.size >= 1)) return 'size must be a whole number of rows, at least 1';
  if (item.deadlineAt !== undefined && !Number.isFinite(item.deadlineAt)) return 'deadlineAt must be epoch ms';
  for (const [name, limit] of Object.entries(item.limits ?? {})) {
    if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1)) return `${name} must be a whole number from 1`;
  }
  for (const [name, { rows }] of Object.entries(item.input)) {
    if (rows.length !== item.size) return `input ${name} has ${rows.length} rows, size says ${item.size}`;
  }
  return null;
}
