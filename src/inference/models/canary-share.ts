import { createHash } from 'node:crypto';

/**
 * The place of a job among 100 equal parts, from its id and the analyzer alone: the same job always has the same place,
 * on every worker and in every attempt, and jobs spread evenly.
 */
export function canaryPart(slug: string, jobId: string): number {
  const hash = createHash('sha256').update(`${slug} ${jobId}`).digest();
  return hash.readUInt32BE(0) % 100;
}
