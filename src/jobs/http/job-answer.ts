import type { FastifyReply } from 'fastify';
import type { JobDto } from '../dto/job.dto.js';
import { isTerminal } from '../job-status.js';
import { seqsOf, seqTag } from './seq-tag.js';

/** Poll hint of a job that has not ended, seconds. Streams and `wait` are quicker. */
const RETRY_AFTER_SECONDS = 1;

/** Answer to a create: 200 when a `Prefer: wait` saw the end, else 202. The id is in both. */
export function createdAnswer(
  reply: FastifyReply,
  job: JobDto,
  waitedSeconds: number | null,
  replayed: boolean,
): JobDto {
  const ended = waitedSeconds !== null && isTerminal(job.status);
  void reply.status(ended ? 200 : 202).header('Location', job.links.self);
  if (ended) void reply.header('Preference-Applied', `wait=${waitedSeconds}`);
  else void reply.header('Retry-After', RETRY_AFTER_SECONDS);
  if (replayed) void reply.header('Idempotency-Replayed', 'true');
  return job;
}

/** Answer to a cancel: 200 when the job is canceled, 202 while its worker still has to stop. */
export function canceledAnswer(reply: FastifyReply, job: JobDto): JobDto {
  const done = isTerminal(job.status);
  void reply.status(done ? 200 : 202);
  if (!done) void reply.header('Retry-After', RETRY_AFTER_SECONDS);
  return job;
}

/** Answer to a read: the job with its tag, or 304 without a body when the client has this seq. Erasing data is no transition. */
export function readAnswer(reply: FastifyReply, job: JobDto, ifNoneMatch: string | undefined): JobDto | undefined {
  void reply.header('ETag', seqTag(job.seq));
  if (job.dataErasedAt !== null || !seqsOf(ifNoneMatch).includes(job.seq)) return job;
  void reply.status(304);
  return undefined;
}
