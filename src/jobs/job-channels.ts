/** NOTIFY channels between api and worker processes. They are hints: losing one costs a poll interval, never a job. */
export const CHANNEL = {
  /** api -> worker: jobs were queued. Payload: uuids of their tenants joined by commas, or empty for "look yourself". */
  queued: 'maru_queued',
  /** api -> worker: a running job was asked to cancel. Payload: its uuid. */
  canceling: 'maru_canceling',
  /** worker or api -> api: jobs have new transitions. Payload: uuids joined by commas, or empty for "look at all". */
  changed: 'maru_changed',
  /** worker or api -> api: tenants have new rows in their event log. Payload: uuids joined by commas, or empty. */
  fed: 'maru_fed',
} as const;

/** A payload may hold 8,000 bytes: 200 uuids of 36 characters and their commas are 7,399. */
export const MAX_LISTED_IDS = 200;

/** Payload that lists uuids, or stays empty when they are too many. */
export function listPayload(ids: readonly string[]): string {
  return ids.length <= MAX_LISTED_IDS ? ids.join(',') : '';
}
