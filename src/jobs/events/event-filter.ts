import { uuidOf } from '../../common/ids.js';
import type { EventStreamQuery } from '../dto/events.query.js';
import type { TransitionType } from '../transition.js';
import type { JobEvent } from './job-event.js';

/** Which events a client wants; null: all. */
export interface EventFilter {
  readonly types: ReadonlySet<TransitionType> | null;
  /** uuids. */
  readonly jobIds: ReadonlySet<string> | null;
}

/** Every event. */
export const ALL_EVENTS: EventFilter = { types: null, jobIds: null };

/** Is it one that the client wants? */
export function passes({ types, jobIds }: EventFilter, event: JobEvent): boolean {
  return (types === null || types.has(event.transition.type)) && (jobIds === null || jobIds.has(event.jobId));
}

/** The filter of a query, whose ids have the shape of job ids; one that is none names no job. */
export function filterOf({ types, jobId }: EventStreamQuery): EventFilter {
  return {
    types: types ? new Set(types) : null,
    jobIds: jobId ? new Set(jobId.flatMap((id) => uuidOf('job', id) ?? [])) : null,
  };
}
