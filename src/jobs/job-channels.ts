/** NOTIFY channels between api and worker processes. They are hints: losing one costs a poll interval, never a job. */
export const CHANNEL = {
  /** api -> worker: jobs were queued. Payload: uuids of their tenants joined by commas, or empty for "look yourself". */
  queued: 'maru_queued',
  /** api -> worker: a running job was asked to cancel. Payload: its uuid. */
  canceling: 'maru_canceling',
  /** worker or api -> api: jobs have new transitions. Payload: entries of `changedJobs` joined by commas, or empty for "look at all". */
  changed: 'maru_changed',
  /** worker or api -> api: tenants have new rows in their event log. Payload: uuids joined by commas, or empty. */
  fed: 'maru_fed',
} as const;

/** Follows the uuid of a job that has new transitions and surely goes on. */
export const GOES_ON = '+';

/** A payload may hold 8,000 bytes: 200 uuids of 36 characters, their marks and commas are 7,599. */
const IDS_IN_PAYLOAD = 200;
const MAX_PAYLOADS = 20;

/**
 * Sends notifications. $1 channels, $2 their payloads. Nobody waits for the disk: a notification has nothing to survive a
 * crash for, and what it tells of is committed already.
 */
export const NOTIFY = `
select set_config('synchronous_commit', 'off', true), pg_notify(channel, payload)
  from unnest($1::text[], $2::text[]) n(channel, payload)`;

/** Channels and payloads for NOTIFY that list these ids: several payloads when they are many, an empty one when too many. */
export function notifications(lists: Readonly<Record<string, readonly string[]>>): [string[], string[]] {
  const all = Object.entries(lists).flatMap(([channel, ids]) => payloadsOf(ids).map((payload) => [channel, payload]));
  return [all.map(([channel]) => channel!), all.map(([, payload]) => payload!)];
}

/** What a payload of `maru_changed` says. A job without a mark may have ended. */
export function changedJobs(payload: string): { readonly jobId: string; readonly goesOn: boolean }[] {
  return payload.split(',').map((entry) => {
    const goesOn = entry.endsWith(GOES_ON);
    return { jobId: goesOn ? entry.slice(0, -GOES_ON.length) : entry, goesOn };
  });
}

function payloadsOf(ids: readonly string[]): string[] {
  if (ids.length > IDS_IN_PAYLOAD * MAX_PAYLOADS) return [''];
  const count = Math.ceil(ids.length / IDS_IN_PAYLOAD);
  return Array.from({ length: count }, (_, i) => ids.slice(i * IDS_IN_PAYLOAD, (i + 1) * IDS_IN_PAYLOAD).join(','));
}
