import { createHash } from 'node:crypto';
import { publicId, uuidFromHash } from './ids.js';

/**
 * The event id of a transition follows from its place, so every reader and every channel derives the same one.
 * @param jobId the job's public id
 */
export function eventIdOf(jobId: string, seq: number): string {
  return publicId('event', uuidFromHash(createHash('sha256').update(`${jobId}:${seq}`).digest()));
}
