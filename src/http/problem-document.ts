import type { Problem } from './problem-of.js';
import { problemType } from './problem-types.js';
import type { ProblemDto } from './problem.dto.js';

/** Which request a problem belongs to. */
export interface ProblemContext {
  /** Origin of this installation. */
  readonly publicUrl: string;
  /** Path without the query. */
  readonly instance: string;
  readonly requestId: string;
  readonly traceId: string | null;
}

/** The body of an error answer: RFC 9457 with our extension members. */
export function problemDocument(problem: Problem, context: ProblemContext): ProblemDto & Record<string, unknown> {
  const { status, title, uri } = problemType(problem.slug);
  return {
    ...problem.extensions,
    type: uri ?? `${context.publicUrl}/problems/${problem.slug}`,
    title,
    status,
    detail: problem.detail,
    instance: context.instance,
    code: problem.slug,
    requestId: context.requestId,
    traceId: context.traceId,
    retryable: problem.retryable,
    retryAfter: problem.retryAfter,
    errors: [...problem.errors],
  };
}
