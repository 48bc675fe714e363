import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { PRIORITY_BANDS, type PriorityBand } from '../../gpu-scheduler/work-item.js';
import { JOB_STATUSES, type JobStatus } from '../job-status.js';
import {
  JobErrorDto,
  JobLinksDto,
  JobModelDto,
  JobProgressDto,
  JobQueueDto,
  JobStageDto,
  JobUsageDto,
} from './job-parts.dto.js';
import { RerunVerdictDto } from './rerun-verdict.dto.js';
import { ResultDto } from './result.dto.js';

export const CANCEL_REASONS = ['client', 'operator', 'deadline', 'batch_canceled', 'tenant_suspended'] as const;
const INSTANT = { type: 'string', format: 'date-time', nullable: true } as const;
const OPTIONAL_ID = { type: 'string', nullable: true, example: null } as const;

@ApiSchema({ name: 'Job', description: 'A durable analysis. `seq` grows with every transition and never repeats' })
export class JobDto {
  @ApiProperty({ example: 'job_01m8323e5rfbnv28231hc5mh2z' })
  id: string;

  @ApiProperty({ enum: ['job'], example: 'job' })
  object: 'job';

  @ApiProperty({ enum: JOB_STATUSES, example: 'running' })
  status: JobStatus;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Number of the newest transition', example: 3 })
  seq: number;

  @ApiProperty({ description: 'Slug', example: 'surface-inspection' })
  analyzer: string;

  @ApiProperty({ example: '1' })
  analyzerVersion: string;

  @ApiProperty({ type: JobModelDto, nullable: true, description: 'Null until a model ran' })
  model: JobModelDto | null;

  @ApiProperty({ enum: PRIORITY_BANDS, example: 'standard' })
  priority: PriorityBand;

  @ApiProperty({ description: 'True: runs the same way, bills 0 units', example: false })
  test: boolean;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { order: '42' } })
  metadata: Readonly<Record<string, string>>;

  @ApiProperty({ ...OPTIONAL_ID, description: 'Batch that submitted the job' })
  batchId: string | null;

  @ApiProperty({ ...OPTIONAL_ID, description: 'Id of the item in its batch' })
  customId: string | null;

  @ApiProperty({ ...OPTIONAL_ID, description: 'Job that this one retries' })
  retriedFrom: string | null;

  @ApiProperty({ ...OPTIONAL_ID, description: 'Job that this one repeats' })
  rerunOf: string | null;

  @ApiProperty({
    type: RerunVerdictDto,
    nullable: true,
    description: 'Of a rerun that succeeded: whether it gave the same result',
  })
  rerunVerdict: RerunVerdictDto | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: "Matches the analyzer's inputSchema; files stand as ids. Null once erased",
    example: { image: { fileId: 'file_01m8323f50ecdtnmz19wr9rz7h' }, threshold: 0.5 },
  })
  input: Readonly<Record<string, unknown>> | null;

  @ApiProperty({ description: 'Digest of the canonical input, files by content', example: 'sha256:41aa07c9' })
  inputDigest: string;

  @ApiProperty({ type: [JobStageDto], description: 'The declared stages, in order' })
  stages: JobStageDto[];

  @ApiProperty({ type: JobProgressDto })
  progress: JobProgressDto;

  @ApiProperty({ type: JobQueueDto, nullable: true, description: 'Set while the job is queued or in stage `batch`' })
  queue: JobQueueDto | null;

  @ApiProperty({ type: 'integer', description: '0 before the first start', example: 1 })
  attempt: number;

  @ApiProperty({
    type: 'integer',
    description: 'Attempts that may fail. One that ends through no fault of the job does not count',
    example: 3,
  })
  maxAttempts: number;

  @ApiProperty({ ...INSTANT, example: '2026-11-23T02:05:00.000Z' })
  deadline: string | null;

  @ApiProperty({ type: 'string', enum: [...CANCEL_REASONS, null], nullable: true, example: null })
  cancelReason: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-23T02:00:00.000Z' })
  createdAt: string;

  @ApiProperty({ ...INSTANT, description: 'Start of the first attempt', example: '2026-11-23T02:00:01.000Z' })
  startedAt: string | null;

  @ApiProperty({ ...INSTANT, example: null })
  finishedAt: string | null;

  @ApiProperty({
    type: ResultDto,
    nullable: true,
    description: 'Inline up to 64 kB, and never in lists; else read `links.result`',
  })
  result: ResultDto | null;

  @ApiProperty({ ...INSTANT, description: 'When input and result are erased; null before the end', example: null })
  resultExpiresAt: string | null;

  @ApiProperty({ ...INSTANT, example: null })
  dataErasedAt: string | null;

  @ApiProperty({ type: JobErrorDto, nullable: true, description: 'Why the job failed' })
  error: JobErrorDto | null;

  @ApiProperty({ type: JobUsageDto })
  usage: JobUsageDto;

  @ApiProperty({ type: 'string', nullable: true, example: '4bf92f3577b34da6a3ce929d0e0e4736' })
  traceId: string | null;

  @ApiProperty({ type: JobLinksDto })
  links: JobLinksDto;
}
