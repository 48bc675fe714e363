import { Injectable } from '@nestjs/common';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { AnalyzerRegistry } from '../../analyzers/analyzer-registry.js';
import { ValidationFailedError } from '../../common/domain-error.js';
import { MalformedRequestError, PayloadTooLargeError } from '../../http/http.errors.js';
import { JSON_LIMIT_BYTES } from '../../http/limits.js';
import { fileRulesOf } from './file-rules.js';
import type { FilePart } from './job-request.js';

/** Name of the part that holds the job's JSON. */
const REQUEST_PART = 'request';
const MAX_FILES = 8;

/** What a multipart body holds. */
export interface MultipartContent {
  /** Text of the part `request`; null when it is missing. */
  readonly text: string | null;
  readonly parts: readonly FilePart[];
}

/**
 * Reads multipart bodies into memory, up to what the largest file field of any analyzer takes. Every part is read or
 * discarded to its end, so that the connection stays usable.
 */
@Injectable()
export class MultipartReader {
  private readonly maxFileBytes: number;
  private readonly maxBodyBytes: number;

  constructor(registry: AnalyzerRegistry) {
    const rules = registry.list().flatMap((a) => [...fileRulesOf(a.definition.inputSchema).values()]);
    this.maxFileBytes = Math.max(1, ...rules.map((rule) => rule.maxBytes));
    this.maxBodyBytes = 2 * this.maxFileBytes + JSON_LIMIT_BYTES;
  }

  /** @throws MalformedRequestError, PayloadTooLargeError, ValidationFailedError, ServerBusyError */
  async read(request: FastifyRequest): Promise<MultipartContent> {
    const bytes = Number(request.headers['content-length'] ?? this.maxBodyBytes);
    if (bytes > this.maxBodyBytes) throw this.tooLarge();
    request.bodyAllowance?.take(bytes);
    try {
      return await this.readParts(request);
    } catch (error) {
      throw isBrokenBody(error) ? new MalformedRequestError('The multipart body is broken, or ends early.') : error;
    }
  }

  private async readParts(request: FastifyRequest): Promise<MultipartContent> {
    let text: string | null = null;
    let total = 0;
    const parts: FilePart[] = [];
    for await (const part of request.parts({ limits: { fileSize: this.maxFileBytes + 1, files: MAX_FILES } })) {
      if (!part.fieldname) throw new MalformedRequestError('Every part of a multipart body needs a name.');
      const content = await contentOf(part);
      total += content.length;
      if (total > this.maxBodyBytes || (part.type === 'file' && content.length > this.maxFileBytes))
        throw this.tooLarge();
      if (part.fieldname === REQUEST_PART) text = content.toString('utf8');
      else if (part.type === 'file')
        parts.push({ field: part.fieldname, name: part.filename ?? part.fieldname, content });
      else throw notAFile(part.fieldname);
    }
    return { text, parts };
  }

  private tooLarge(): PayloadTooLargeError {
    return new PayloadTooLargeError(
      `A file may have at most ${this.maxFileBytes} bytes and the whole body ${this.maxBodyBytes}. Upload larger ones first.`,
    );
  }
}

async function contentOf(part: Multipart): Promise<Buffer> {
  if (part.type === 'file') return readAll(part);
  return Buffer.from(typeof part.value === 'string' ? part.value : JSON.stringify(part.value ?? ''));
}

async function readAll(part: MultipartFile): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of part.file) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The parser reports a body that it cannot follow as a plain error. */
function isBrokenBody(error: unknown): boolean {
  return (
    error instanceof Error &&
    /multipart|unexpected end|terminated early|malformed part|^The needle/i.test(error.message) &&
    !('code' in error)
  );
}

function notAFile(field: string): ValidationFailedError {
  const message = 'must be a file part (give it a filename), or stand in the part "request"';
  return new ValidationFailedError([
    { pointer: `/input/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`, code: 'not_file', message },
  ]);
}
