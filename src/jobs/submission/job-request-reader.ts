import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ValidationFailedError } from '../../common/domain-error.js';
import { MalformedRequestError } from '../../http/http.errors.js';
import { assertAcceptable, RequestValidationPipe } from '../../http/request-validation.pipe.js';
import { traceIdOf } from '../../http/trace-context.js';
import { CreateJobDto } from '../dto/create-job.dto.js';
import { cancelAfterMs } from '../http/cancel-after.js';
import { idempotencyKeyOf } from '../http/idempotency-key.js';
import type { FilePart, JobRequest } from './job-request.js';
import { MultipartReader } from './multipart-reader.js';

/** Reads a create out of a JSON or a multipart request. Throws on a wrong form; judges nothing else. */
@Injectable()
export class JobRequestReader {
  private readonly validation = new RequestValidationPipe();

  constructor(private readonly multipart: MultipartReader) {}

  async read(request: FastifyRequest): Promise<JobRequest> {
    const headers = {
      idempotencyKey: idempotencyKeyOf(request.headers['idempotency-key']),
      cancelAfterMs: cancelAfterMs(request.headers['cancel-after']),
      traceId: traceIdOf(request.headers.traceparent),
    };
    const { json, parts } = await this.content(request);
    return { ...headers, body: await this.validated(json), parts };
  }

  private async content(request: FastifyRequest): Promise<{ json: unknown; parts: readonly FilePart[] }> {
    if (!request.isMultipart()) return { json: request.body, parts: [] };
    const { text, parts } = await this.multipart.read(request);
    if (text === null) {
      throw new ValidationFailedError([
        { pointer: '', code: 'required', message: 'needs a part named "request" with the JSON of the job' },
      ]);
    }
    return { json: parse(text), parts };
  }

  private async validated(json: unknown): Promise<CreateJobDto> {
    if (!isObject(json)) {
      throw new ValidationFailedError([{ pointer: '', code: 'not_object', message: 'must be a JSON object' }]);
    }
    assertAcceptable(json);
    // The pipe drops members such as `constructor` from what it gets; the analyzer's schema must see what was sent.
    const { input } = json;
    const outline = { ...json, input: isObject(input) ? {} : input };
    const body = (await this.validation.transform(outline, { type: 'body', metatype: CreateJobDto })) as CreateJobDto;
    body.input = input as Record<string, unknown>;
    return body;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedRequestError('The part "request" is not JSON.');
  }
}
