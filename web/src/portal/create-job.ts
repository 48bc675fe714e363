import { api, read } from '../api/client.js';
import type { Job } from '../api/types.js';

/** What a filled form asks for. */
export interface JobRequest {
  readonly analyzer: string;
  readonly input: Record<string, unknown>;
  readonly files: ReadonlyMap<string, File>;
  /** The same for every try of one form: a double click makes one job. */
  readonly idempotencyKey: string;
}

/** Creates a job; files travel as parts of the same request. Throws ApiError. */
export async function createJob({ analyzer, input, files, idempotencyKey }: JobRequest): Promise<Job> {
  const body = { analyzer, input };
  const params = { header: { 'Idempotency-Key': idempotencyKey } };
  if (files.size === 0) return (await read(api.POST('/v1/jobs', { params, body }))) as Job;
  const form = new FormData();
  form.append('request', JSON.stringify(body));
  for (const [name, file] of files) form.append(name, file, file.name);
  return (await read(api.POST('/v1/jobs', { params, body, bodySerializer: () => form }))) as Job;
}

/** A key that nobody else has; also where `crypto.randomUUID` is missing (plain HTTP on a real host). */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
