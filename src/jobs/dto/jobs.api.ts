import { applyDecorators } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import { ApiProblems } from '../../http/api-problems.decorator.js';
import { PageOf } from '../../http/page.js';
import { CreateJobDto } from './create-job.dto.js';
import { JobDto } from './job.dto.js';
import { ListJobsQuery } from './list-jobs.query.js';
import { ValidationAnswerDto } from './quote.dto.js';
import { ResultDto } from './result.dto.js';
import { TimelineDto } from './transition.dto.js';

/*
 * The documentation of the job operations, apart from the controller so that both can be read.
 */

export const JobPageDto = PageOf(JobDto, 'JobPage');

const JOB_ID = ApiParam({ name: 'id', description: 'Job id', example: 'job_01m8323e5rfbnv28231hc5mh2z' });
const LOCATION = { Location: { description: 'Path of the job', schema: { type: 'string' } } } as const;
const RETRY_AFTER = { 'Retry-After': { description: 'Poll hint, seconds', schema: { type: 'integer' } } } as const;
const ETAG = { ETag: { description: 'Weak tag of the seq', schema: { type: 'string' } } } as const;
const REPLAYED = {
  'Idempotency-Replayed': { description: '`true` when an earlier request made the job', schema: { type: 'string' } },
} as const;

const JOB_SCHEMA = { $ref: getSchemaPath(CreateJobDto) };
/** The two forms of the body. In the multipart one any part beside `request` is a file. */
const BODY = {
  description: 'The job',
  required: true,
  content: {
    'application/json': { schema: JOB_SCHEMA },
    'multipart/form-data': {
      schema: {
        type: 'object' as const,
        required: ['request'],
        properties: { request: JOB_SCHEMA },
        additionalProperties: { type: 'string' as const, format: 'binary' },
      },
      encoding: { request: { contentType: 'application/json' } },
    },
  },
};

/** POST /v1/jobs */
export function ApiCreateJob(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'createJob',
      summary: 'Create a job',
      description:
        'Stores the job durably and answers 202. A full queue (429) and a server at its limits (503) store nothing; when the database goes away during a write (503 too), repeat with an `Idempotency-Key`. With `Prefer: wait=N` the answer comes when the job has ended, or after N seconds at the latest. ' +
        'As multipart/form-data the part `request` holds the JSON and each other part is the file of the input field that it is named after.',
      requestBody: BODY,
    }),
    ApiExtraModels(CreateJobDto, ValidationAnswerDto, JobDto),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: '1 to 255 characters; repeating the request with it makes no second job',
      example: '7f9c24e8-3b12-4fef-91e0-0cb0e11c5a1d',
      schema: { type: 'string' },
    }),
    ApiHeader({
      name: 'Prefer',
      required: false,
      description: '`wait=N`, seconds, at most 60',
      example: 'wait=10',
      schema: { type: 'string' },
    }),
    ApiHeader({
      name: 'Cancel-After',
      required: false,
      description: 'Duration after which the job is not wanted: ms, s, m or h',
      example: '90s',
      schema: { type: 'string' },
    }),
    ApiAcceptedResponse({ description: 'Stored', type: JobDto, headers: { ...LOCATION, ...RETRY_AFTER, ...REPLAYED } }),
    ApiOkResponse({
      description: 'Ended within `Prefer: wait`, or the answer to `validateOnly`',
      headers: {
        ...LOCATION,
        ...REPLAYED,
        'Preference-Applied': { description: '`wait=N`', schema: { type: 'string' } },
      },
      schema: { oneOf: [{ $ref: getSchemaPath(JobDto) }, { $ref: getSchemaPath(ValidationAnswerDto) }] },
    }),
    ApiProblems(
      409,
      413,
      415,
      'validation-failed',
      'unsafe-url',
      'idempotency-key-reused',
      'idempotency-in-progress',
      429,
      503,
    ),
  );
}

const ORDER = { type: 'string' as const, enum: ['asc', 'desc'], default: 'desc' };

/** GET /v1/jobs */
export function ApiListJobs(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listJobs',
      summary: 'List jobs',
      description:
        "The tenant's jobs, newest first. `metadata[key]=value` filters by metadata; jobs in a list carry no result.",
    }),
    ApiQuery({ type: ListJobsQuery }),
    ApiQuery({ name: 'order', required: false, description: 'By creation', schema: ORDER, example: 'desc' }),
    ApiQuery({
      name: 'metadata',
      required: false,
      style: 'deepObject',
      explode: true,
      description: 'Pairs that must all match, as `metadata[key]=value`',
      schema: { type: 'object', additionalProperties: { type: 'string' } },
      example: { order: '42' },
    }),
    ApiOkResponse({ type: JobPageDto, description: 'A page of jobs' }),
    ApiProblems('malformed-request', 'invalid-page-token'),
  );
}

/** GET /v1/jobs/{id} */
export function ApiGetJob(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'getJob',
      summary: 'Read a job',
      description:
        'Always 200 for a job that exists, whatever its status. With `wait=N` the answer comes when `seq` has passed the tag in If-None-Match (else the present one), or after N seconds.',
    }),
    JOB_ID,
    ApiQuery({
      name: 'wait',
      required: false,
      description: 'Seconds, at most 60',
      schema: { type: 'integer', minimum: 0 },
      example: 10,
    }),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: 'ETag of the last read',
      example: 'W/"3"',
      schema: { type: 'string' },
    }),
    ApiOkResponse({ type: JobDto, description: 'The job', headers: ETAG }),
    ApiResponse({ status: 304, description: 'The job has not changed', headers: ETAG }),
    ApiProblems(404),
  );
}

/** GET /v1/jobs/{id}/timeline */
export function ApiGetTimeline(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'getJobTimeline',
      summary: 'Read the timeline of a job',
      description:
        'Every transition, oldest first. `seq` starts at 1 and has no gap; it is the same number in polls and streams.',
    }),
    JOB_ID,
    ApiQuery({
      name: 'afterSeq',
      required: false,
      description: 'Only later rows',
      schema: { type: 'integer', minimum: 0 },
      example: 0,
    }),
    ApiOkResponse({ type: TimelineDto, description: 'The timeline' }),
    ApiProblems(404),
  );
}

/** GET /v1/jobs/{id}/result */
export function ApiGetResult(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'getJobResult',
      summary: 'Read the result of a job',
      description: 'The result of a job that has succeeded, whatever its size.',
    }),
    JOB_ID,
    ApiOkResponse({ type: ResultDto, description: 'The result' }),
    ApiProblems(404, 'result-not-available', 'result-expired'),
  );
}

/** POST /v1/jobs/{id}/cancel */
export function ApiCancelJob(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'cancelJob',
      summary: 'Cancel a job',
      description:
        'A waiting job is canceled at once (200). The worker of a running one is asked to stop (202). The answer equals the next read.',
    }),
    JOB_ID,
    ApiAcceptedResponse({ type: JobDto, description: 'Canceling', headers: RETRY_AFTER }),
    ApiOkResponse({ type: JobDto, description: 'Canceled' }),
    ApiProblems(404, 'invalid-state-transition'),
  );
}
