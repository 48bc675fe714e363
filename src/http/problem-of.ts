import { HttpException } from '@nestjs/common';
import { DomainError, type FieldError } from '../common/domain-error.js';
import { isDatabaseAway } from './database-away.js';
import { FILE_LIMIT_BYTES, JSON_LIMIT_BYTES, MULTIPART_LIMITS } from './limits.js';
import { isProblemSlug, type ProblemSlug, problemType } from './problem-types.js';

/** What the client gets to know of an error. */
export interface Problem {
  readonly slug: ProblemSlug;
  readonly detail: string;
  readonly retryable: boolean;
  /** Seconds. */
  readonly retryAfter: number | null;
  readonly errors: readonly FieldError[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

const MIB = 2 ** 20;
const AWAY_RETRY_SECONDS = 2;

/** Faults that Fastify and its multipart parser report before a controller runs. */
const BY_FASTIFY_CODE: Readonly<Record<string, readonly [ProblemSlug, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload-too-large', `The body may have at most ${JSON_LIMIT_BYTES / MIB} MiB.`],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'unsupported-media-type',
    'Send application/json, or multipart/form-data to upload.',
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed-request', 'The body is empty. Send JSON, or leave the Content-Type out.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed-request', 'The body is not JSON.'],
  FST_ERR_BAD_URL: ['malformed-request', 'The path is not percent-encoded UTF-8.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not-found', problemType('not-found').cure],
  FST_REQ_FILE_TOO_LARGE: ['payload-too-large', `A file may have at most ${FILE_LIMIT_BYTES / MIB} MiB.`],
  FST_PARTS_LIMIT: ['payload-too-large', `A multipart body may have at most ${MULTIPART_LIMITS.parts} parts.`],
  FST_FILES_LIMIT: ['payload-too-large', `A multipart body may have at most ${MULTIPART_LIMITS.files} files.`],
  FST_FIELDS_LIMIT: ['payload-too-large', `A multipart body may have at most ${MULTIPART_LIMITS.fields} fields.`],
  FST_INVALID_MULTIPART_CONTENT_TYPE: ['unsupported-media-type', 'Send multipart/form-data.'],
  FST_INVALID_JSON_FIELD_ERROR: ['malformed-request', 'A multipart field is not the JSON that its type says.'],
};

/** What the multipart parser says of a body that breaks off or has a bad header or boundary; it gives no code. */
const BROKEN_MULTIPART =
  /^(Unexpected end of multipart data|(Part|File) terminated early|Multipart: Boundary not found|The needle)/;

const BY_STATUS: Readonly<Record<number, ProblemSlug>> = {
  401: 'unauthenticated',
  403: 'insufficient-scope',
  404: 'not-found',
  405: 'not-found',
  406: 'not-acceptable',
  412: 'precondition-failed',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
  422: 'validation-failed',
  429: 'quota-exceeded',
  503: 'temporary-reduced-capacity',
};

/** Turns whatever was thrown into a problem; what nobody foresaw is an opaque `internal-error`. */
export function problemOf(error: unknown): Problem {
  if (error instanceof DomainError && isProblemSlug(error.code)) return domainProblem(error, error.code);
  if (isDatabaseAway(error)) return away();
  if (error instanceof HttpException) return statusProblem(error.getStatus());
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const known = typeof code === 'string' ? BY_FASTIFY_CODE[code] : undefined;
  if (known) return plain(known[0], known[1]);
  if (error instanceof Error && BROKEN_MULTIPART.test(error.message)) {
    return plain('malformed-request', 'The multipart body is broken or ends too early.');
  }
  return statusProblem(typeof statusCode === 'number' ? statusCode : 500);
}

function domainProblem(error: DomainError, slug: ProblemSlug): Problem {
  return {
    slug,
    detail: slug === 'internal-error' ? problemType(slug).cure : error.message,
    retryable: error.retryable,
    retryAfter: error.retryAfterSeconds,
    errors: error.errors ?? [],
    extensions: error.extensions ?? {},
  };
}

/** Texts of the framework may name classes and files, so only the status is taken over. */
function statusProblem(status: number): Problem {
  if (status === 503) return away();
  const slug = BY_STATUS[status] ?? (status >= 400 && status < 500 ? 'malformed-request' : 'internal-error');
  return plain(slug, problemType(slug).cure);
}

function away(): Problem {
  const slug = 'temporary-reduced-capacity';
  return { ...plain(slug, problemType(slug).cure), retryable: true, retryAfter: AWAY_RETRY_SECONDS };
}

function plain(slug: ProblemSlug, detail: string): Problem {
  return { slug, detail, retryable: false, retryAfter: null, errors: [], extensions: {} };
}
