import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, type ApiResponseOptions, getSchemaPath } from '@nestjs/swagger';
import { PROBLEM_TYPES, type ProblemSlug, type ProblemStatus, problemType, slugOfStatus } from './problem-types.js';
import { ProblemDto } from './problem.dto.js';

/**
 * Documents the problems that a route answers with, by status (its first problem type) or by slug, for example
 * `@ApiProblems(404, 409, 'result-not-available')`. Several slugs of one status must stand in one call.
 */
export function ApiProblems(...problems: (ProblemStatus | ProblemSlug)[]): MethodDecorator & ClassDecorator {
  const slugs = problems.map((p) => (typeof p === 'number' ? slugOfStatus(p) : p));
  const statuses = new Set(slugs.map((slug) => PROBLEM_TYPES[slug].status));
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ...[...statuses].map((status) =>
      ApiResponse(
        problemResponse(
          status,
          slugs.filter((slug) => PROBLEM_TYPES[slug].status === status),
        ),
      ),
    ),
  );
}

function problemResponse(status: number, slugs: ProblemSlug[]): ApiResponseOptions {
  const retry = status === 429 || status === 503;
  return {
    status,
    description: slugs.map((slug) => problemType(slug).title).join('; '),
    ...(retry ? { headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } } } } : {}),
    content: {
      'application/problem+json': {
        schema: { $ref: getSchemaPath(ProblemDto) },
        examples: Object.fromEntries(slugs.map((slug) => [slug, { value: exampleOf(slug) }])),
      },
    },
  };
}

function exampleOf(slug: ProblemSlug): ProblemDto & Record<string, unknown> {
  const { status, title, cure, uri } = problemType(slug);
  const retryable = status === 429 || status === 503;
  return {
    type: uri ?? `http://127.0.0.1:3000/problems/${slug}`,
    title,
    status,
    detail: cure,
    instance: '/v1/example',
    code: slug,
    requestId: '01m8323e5rfbnv28231hc5mh2z',
    traceId: null,
    retryable,
    retryAfter: retryable ? 2 : null,
    errors: slug === 'validation-failed' ? [{ pointer: '/input/image', code: 'required', message: 'is required' }] : [],
    ...(slug === 'quota-exceeded' ? { 'violated-policies': ['queued'], limit: 100_000, current: 100_000 } : {}),
  };
}
