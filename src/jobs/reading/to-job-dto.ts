import { publicId } from '../../common/ids.js';
import type { JobDto } from '../dto/job.dto.js';
import type { JobLinksDto } from '../dto/job-parts.dto.js';
import type { ResultDto } from '../dto/result.dto.js';
import { BANDS, type Job, type JobModel, type StoredResult } from '../job.js';
import { isWaiting, NOTHING_KNOWN, type QueueFacts, queueOf } from './queue-view.js';
import { activeStage, percentOf, stagesOf } from './stage-progress.js';

/** A job as clients see it. @param facts why it waits, as far as somebody asked */
export function toJobDto(job: Job, facts: QueueFacts = NOTHING_KNOWN): JobDto {
  const { rows } = job;
  const id = publicId('job', rows.id);
  const stages = stagesOf(job);
  return {
    id,
    object: 'job',
    status: job.status,
    seq: job.seq,
    analyzer: rows.analyzerSlug,
    analyzerVersion: rows.analyzerVersion,
    model: modelOf(job),
    priority: BANDS[rows.priority]!,
    test: rows.test,
    metadata: rows.metadata,
    batchId: null,
    customId: null,
    retriedFrom: rows.retriedFrom && publicId('job', rows.retriedFrom),
    rerunOf: rows.rerunOf && publicId('job', rows.rerunOf),
    rerunVerdict: rows.end?.rerunVerdict ?? null,
    input: rows.input,
    inputDigest: rows.inputDigest,
    stages,
    progress: { percent: percentOf(job, stages), stage: activeStage(stages), basis: 'stages' },
    queue: isWaiting(job, stages) ? queueOf(job, facts) : null,
    attempt: job.attempt,
    maxAttempts: rows.maxAttempts,
    deadline: rows.deadline?.toISOString() ?? null,
    cancelReason: rows.end?.cancelReason ?? null,
    createdAt: rows.createdAt.toISOString(),
    startedAt: job.transitions.find((t) => t.type === 'job.started')?.at ?? null,
    finishedAt: rows.end?.finishedAt ?? null,
    result: rows.end?.result ? toResultDto(id, rows.end.result, rows.end.expiresAt) : null,
    resultExpiresAt: rows.end && !rows.erasedAt ? rows.end.expiresAt : null,
    dataErasedAt: rows.erasedAt?.toISOString() ?? null,
    error: rows.end?.error ?? null,
    usage: usageOf(job, id),
    traceId: rows.traceId,
    links: linksOf(id),
  };
}

/** A stored result as clients see it. */
export function toResultDto(jobId: string, result: StoredResult, expiresAt: string): ResultDto {
  return {
    jobId,
    object: 'result',
    kind: result.kind,
    data: result.data,
    files: [],
    digest: result.digest,
    expiresAt,
  };
}

/** Path of a job; also its Location. */
export function jobPath(jobId: string): string {
  return `/v1/jobs/${jobId}`;
}

function linksOf(id: string): JobLinksDto {
  const self = jobPath(id);
  return {
    self,
    timeline: `${self}/timeline`,
    stream: `${self}/stream`,
    cancel: `${self}/cancel`,
    result: `${self}/result`,
    portal: `/jobs/${id}`,
  };
}

/** The model of the end, else the one of the newest receipt. */
function modelOf(job: Job): JobModel | null {
  return job.rows.end?.model ?? job.transitions.findLast((t) => t.execution)?.execution?.model ?? null;
}

function usageOf(job: Job, id: string): JobDto['usage'] {
  const { end } = job.rows;
  const billed = end !== null && end.deviceUs > 0;
  return {
    units: end?.units ?? 0,
    deviceMs: Math.round((end?.deviceUs ?? 0) / 1000),
    amount: end?.amount ?? null,
    ledgerKey: billed ? `${id}/${end.attempt}/infer` : null,
  };
}
