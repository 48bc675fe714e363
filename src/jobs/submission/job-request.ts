import type { CreateJobDto } from '../dto/create-job.dto.js';

/** A file that travels inside the request: a multipart part. */
export interface FilePart {
  /** Name of the input field. */
  readonly field: string;
  /** The client's file name; kept as a label, never trusted. */
  readonly name: string;
  readonly content: Buffer;
}

/** A create as it was sent: its form is right, nothing else is known. */
export interface JobRequest {
  readonly body: CreateJobDto;
  readonly parts: readonly FilePart[];
  readonly idempotencyKey: string | null;
  /** From the Cancel-After header. */
  readonly cancelAfterMs: number | null;
  readonly traceId: string | null;
}
