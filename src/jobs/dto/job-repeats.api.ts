import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { ApiProblems } from '../../http/api-problems.decorator.js';
import { JobDto } from './job.dto.js';

const TEXT = { type: 'string' as const };
const LOCATION = { Location: { description: 'Path of the new job', schema: TEXT } } as const;
const REPLAYED = {
  'Idempotency-Replayed': { description: '`true` when an earlier request made the job', schema: TEXT },
} as const;

/** Headers, answers and problems that retry and rerun share. */
function repetition(operationId: string, summary: string, description: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId, summary, description }),
    ApiParam({ name: 'id', description: 'Id of the job that has ended', example: 'job_01m8323e5rfbnv28231hc5mh2z' }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: '1 to 255 characters; repeating the request with it makes no second job. It belongs to this route',
      example: '7f9c24e8-3b12-4fef-91e0-0cb0e11c5a1d',
      schema: TEXT,
    }),
    ApiHeader({
      name: 'Prefer',
      required: false,
      description: '`wait=N`, seconds, at most 60',
      example: 'wait=10',
      schema: TEXT,
    }),
    ApiHeader({
      name: 'Cancel-After',
      required: false,
      description: 'Duration after which the new job is not wanted: ms, s, m or h',
      example: '90s',
      schema: TEXT,
    }),
    ApiAcceptedResponse({
      description: 'The new job is stored',
      type: JobDto,
      headers: {
        ...LOCATION,
        ...REPLAYED,
        'Retry-After': { description: 'Poll hint, seconds', schema: { type: 'integer' } },
      },
    }),
    ApiOkResponse({
      description: 'The new job ended within `Prefer: wait`',
      type: JobDto,
      headers: { ...LOCATION, ...REPLAYED, 'Preference-Applied': { description: '`wait=N`', schema: TEXT } },
    }),
    ApiProblems(
      404,
      'invalid-state-transition',
      'idempotency-in-progress',
      'result-expired',
      'validation-failed',
      'idempotency-key-reused',
      429,
      503,
    ),
  );
}

/** POST /v1/jobs/{id}/retry */
export function ApiRetryJob(): MethodDecorator {
  return repetition(
    'retryJob',
    'Retry a job',
    'Makes a new job (`retriedFrom`) of one that failed, expired or was canceled: same analyzer in its current version, ' +
      'same input, priority, metadata, `retry.maxAttempts` and `test`. The deadline is kept while it lies ahead; ' +
      '`Cancel-After` replaces it. The first job stays as it is. 410 when its input, or a file of it, is gone.',
  );
}

/** POST /v1/jobs/{id}/rerun */
export function ApiRerunJob(): MethodDecorator {
  return repetition(
    'rerunJob',
    'Rerun a job',
    'Makes a new job (`rerunOf`) of one that succeeded, held to the same analyzer version and to the same model, by digest. ' +
      'Once it has succeeded `rerunVerdict` tells whether the result has the same digest, and `differs` what could not be held: ' +
      '`deviceType`, `batchSize`. A worker without that model does not run it on another (`model_unavailable`). ' +
      'It has a deadline only with `Cancel-After`, and is billed as every job. 410 when the input, or a file of it, is gone.',
  );
}
