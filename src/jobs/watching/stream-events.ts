import type { MessageEvent } from '@nestjs/common';
import type { JobDto } from '../dto/job.dto.js';
import { isTerminal } from '../job-status.js';
import { jobPath } from '../reading/to-job-dto.js';
import { toTransitionDto } from '../reading/to-transition-dto.js';
import type { Transition } from '../transition.js';

/** How long a client waits before it reconnects, milliseconds. */
export const RETRY_MS = 2_000;

/*
 * Every event has an id: one without would get a number of its own and spoil the client's Last-Event-ID.
 */

/** The whole job, for a client that connects without a cursor. */
export function snapshotEvent(job: JobDto): MessageEvent {
  return { id: String(job.seq), type: 'snapshot', retry: RETRY_MS, data: job };
}

/** Carries only the reconnect delay; no data, so clients see no event. */
export function resumedEvent(cursor: number): MessageEvent {
  return { id: String(cursor), retry: RETRY_MS } as MessageEvent;
}

/** Name of a row of the timeline in a stream: `status`, `stage`, or `done` for the last one. */
export function eventName({ type, status }: Transition): 'status' | 'stage' | 'done' {
  if (isTerminal(status)) return 'done';
  return type.startsWith('stage.') ? 'stage' : 'status';
}

/** A row of the timeline. */
export function transitionEvent(jobId: string, transition: Transition): MessageEvent {
  const data = toTransitionDto(jobId, transition);
  const id = String(transition.seq);
  const type = eventName(transition);
  if (type !== 'done') return { id, type, data };
  const resultUrl = transition.status === 'succeeded' ? `${jobPath(jobId)}/result` : null;
  return { id, type, data: { ...data, resultUrl } };
}

/** A sign of life that page code can see; it carries the last durable seq. */
export function heartbeatEvent(seq: number, at: Date): MessageEvent {
  return { id: String(seq), type: 'heartbeat', data: { at: at.toISOString() } };
}
