import type { FieldError } from '../../common/domain-error.js';
import { instantOf } from '../../common/instant.js';

/**
 * The instant after which a job is not wanted any more: the earlier one of `deadline` and now + `Cancel-After`.
 * Adds a fault when `deadline` is no date or has passed.
 */
export function deadlineOf(
  deadline: string | null,
  cancelAfterMs: number | null,
  nowMs: number,
  faults: FieldError[],
): Date | null {
  const limits = cancelAfterMs === null ? [] : [nowMs + cancelAfterMs];
  if (deadline !== null) {
    const at = instantOf(deadline)?.getTime();
    if (at === undefined)
      faults.push({ pointer: '/deadline', code: 'bad_format', message: 'is not a date of the calendar' });
    else if (at <= nowMs) faults.push({ pointer: '/deadline', code: 'in_the_past', message: 'must lie in the future' });
    else limits.push(at);
  }
  return limits.length === 0 ? null : new Date(Math.min(...limits));
}
