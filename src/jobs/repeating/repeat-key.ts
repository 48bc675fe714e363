import { createHash } from 'node:crypto';
import type { IdempotencyClaim } from '../submission/new-job.js';

/** The routes that repeat jobs. */
export type RepeatAction = 'retry' | 'rerun';

/**
 * The idempotency of a repetition: a key belongs to its route, so it may be the one of the create. The line break cannot
 * stand in a header, hence in no client's key. Another job under the same key is another request.
 */
export function repeatKey(action: RepeatAction, jobId: string, key: string | null): IdempotencyClaim | null {
  if (key === null) return null;
  const route = `POST /v1/jobs/{id}/${action}`;
  return { key: `${route}\n${key}`, fingerprint: createHash('sha256').update(`${route} ${jobId}`).digest('hex') };
}
