import createClient from 'openapi-fetch';
import type { paths } from './schema.js';
import type { Problem } from './types.js';

/** The API on this page's own host; the session cookie travels by itself. */
export const api = createClient<paths>({ baseUrl: '/' });

/** An answer that is not a success. `code` is the API's problem code, or `network` when no answer came. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    readonly code: string,
    readonly problem: Problem | null,
  ) {
    super(problem?.detail ?? code);
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a success; throws ApiError otherwise, also when the network failed. */
export async function read<T>(pending: Promise<Answer<T>>): Promise<T> {
  const answer = await pending.catch(() => null);
  if (!answer) throw new ApiError(0, 'network', null);
  if (answer.response.ok) return answer.data as T;
  const problem = isProblem(answer.error) ? answer.error : null;
  throw new ApiError(answer.response.status, problem?.code ?? `http-${answer.response.status}`, problem);
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}

/** The bytes of a stored file. */
export async function fileContent(fileId: string, signal: AbortSignal): Promise<Blob> {
  const response = await fetch(`/v1/files/${encodeURIComponent(fileId)}/content`, { signal });
  if (!response.ok) throw new ApiError(response.status, `http-${response.status}`, null);
  return response.blob();
}
