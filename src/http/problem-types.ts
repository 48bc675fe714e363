/** One kind of problem: its status, its words, and its own type URI when a registry names it. */
export interface ProblemType {
  readonly status: number;
  readonly title: string;
  /** What it means and what to do about it; shown at GET /problems/{slug}. */
  readonly cure: string;
  /** Absolute type URI of a registered problem type; else `{host}/problems/{slug}`. */
  readonly uri?: string;
}

const REGISTRY = 'https://iana.org/assignments/http-problem-types';

/** Every problem that the API answers with, by slug. The first one of a status stands for it in the documentation. */
export const PROBLEM_TYPES = {
  'malformed-request': {
    status: 400,
    title: 'Malformed request',
    cure: 'The body is not JSON, or a query parameter cannot be read. Correct it and send it again.',
  },
  'idempotency-key-required': {
    status: 400,
    title: 'Idempotency-Key required',
    cure: 'Send an Idempotency-Key header of 1 to 255 characters, new for each thing you create.',
  },
  'invalid-page-token': {
    status: 400,
    title: 'Invalid page token',
    cure: 'The page token is unknown or belongs to other filters. Start again without pageToken.',
  },
  unauthenticated: {
    status: 401,
    title: 'Not signed in',
    cure: 'Send "Authorization: Bearer" with a valid access token or API key, or sign in again.',
  },
  'second-factor-required': {
    status: 401,
    title: 'Second factor required',
    cure: 'The password is right. Send the `challenge` with a code of your authenticator app to /v1/auth/login/second-factor.',
  },
  'insufficient-credit': {
    status: 402,
    title: 'Insufficient credit',
    cure: 'The prepaid credit is used up. Top it up.',
  },
  'insufficient-scope': {
    status: 403,
    title: 'Insufficient scope',
    cure: 'Your role or key does not include this permission. Ask an owner or admin, or use another key.',
  },
  'tenant-suspended': {
    status: 403,
    title: 'Tenant suspended',
    cure: 'Every route refuses a suspended tenant. Ask the operator of this installation to resume it.',
  },
  'cross-site-request': {
    status: 403,
    title: 'Cross-site request',
    cure: 'With a session cookie, requests that change something must carry an Origin header equal to the host.',
  },
  'not-found': { status: 404, title: 'Not found', cure: 'There is nothing at this address, or it is not yours.' },
  'not-acceptable': {
    status: 406,
    title: 'Not acceptable',
    cure: 'This route does not speak the media type of your Accept header. Use the one in its documentation.',
  },
  'invalid-state-transition': {
    status: 409,
    title: 'Not possible in this state',
    cure: 'The thing is in a state (`currentStatus`) that does not allow this. `allowed` lists what is possible.',
  },
  'result-not-available': {
    status: 409,
    title: 'Result not available',
    cure: 'The job has not finished, or it finished without a result. Poll or stream it.',
  },
  'idempotency-in-progress': {
    status: 409,
    title: 'Same request in progress',
    cure: 'A request with this Idempotency-Key is still running. Repeat it after Retry-After.',
  },
  'version-conflict': {
    status: 409,
    title: 'Version conflict',
    cure: 'Somebody changed it. Read it again, then retry.',
  },
  'already-exists': { status: 409, title: 'Already exists', cure: 'Choose another name, or use the one that exists.' },
  'result-expired': {
    status: 410,
    title: 'Result expired',
    cure: 'The data was erased or its retention ended. Status, timeline and usage stay readable.',
  },
  'event-history-expired': {
    status: 410,
    title: 'Event history expired',
    cure: 'The cursor is older than the retention. Read the current state, then follow from there.',
  },
  'precondition-failed': {
    status: 412,
    title: 'Precondition failed',
    cure: 'If-Match does not name the current version. Read it again, then retry.',
  },
  'payload-too-large': { status: 413, title: 'Payload too large', cure: 'Stay below the limit that `detail` states.' },
  'range-not-satisfiable': {
    status: 416,
    title: 'Range not satisfiable',
    cure: 'The range begins behind the end of the content. `Content-Range` states its length; ask for less.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    cure: 'Send one of the types that `detail` names. Files are judged by their content, not by their name.',
  },
  'validation-failed': { status: 422, title: 'Validation failed', cure: 'Correct the fields that `errors` lists.' },
  'idempotency-key-reused': {
    status: 422,
    title: 'Idempotency-Key reused',
    cure: 'This key was used with another body. Use a new key for another request.',
  },
  'publish-gate-failed': {
    status: 422,
    title: 'Publish gate failed',
    cure: 'Correct what `errors` lists, then publish.',
  },
  'unsafe-url': { status: 422, title: 'Unsafe URL', cure: 'Use an https URL of a public host, without credentials.' },
  'quota-exceeded': {
    status: 429,
    title: 'Quota exceeded',
    cure: 'Wait for Retry-After seconds. `violated-policies` names the limits that were hit; of `queued`, `limit` and `current` say how far.',
    uri: `${REGISTRY}#quota-exceeded`,
  },
  'internal-error': {
    status: 500,
    title: 'Internal error',
    cure: 'Our fault. Retry later; if it stays, report the requestId.',
  },
  'temporary-reduced-capacity': {
    status: 503,
    title: 'Temporarily reduced capacity',
    cure: 'A part of the system is away or full. Repeat the request after Retry-After seconds.',
    uri: `${REGISTRY}#temporary-reduced-capacity`,
  },
} as const satisfies Readonly<Record<string, ProblemType>>;

export type ProblemSlug = keyof typeof PROBLEM_TYPES;
export type ProblemStatus = (typeof PROBLEM_TYPES)[ProblemSlug]['status'];

/** True for the slug of a problem type. */
export function isProblemSlug(text: string): text is ProblemSlug {
  return Object.hasOwn(PROBLEM_TYPES, text);
}

/** The problem type of a slug. */
export function problemType(slug: ProblemSlug): ProblemType {
  return PROBLEM_TYPES[slug];
}

/** The slug that stands for a status: the first one of the table. */
export function slugOfStatus(status: ProblemStatus): ProblemSlug {
  return (Object.keys(PROBLEM_TYPES) as ProblemSlug[]).find((slug) => PROBLEM_TYPES[slug].status === status)!;
}
