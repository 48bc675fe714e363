import type { MultipartFile } from '@fastify/multipart';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ValidationFailedError } from '../common/domain-error.js';
import { MalformedRequestError, PayloadTooLargeError, UnsupportedMediaTypeError } from '../http/http.errors.js';
import { FILE_LIMIT_BYTES } from '../http/limits.js';
import { ProcessPressure } from '../http/process-pressure.js';
import { DiskGuard } from './disk-guard.js';
import { type FileFacts, factsOf, factsOfBeginning } from './file-facts.js';
import { FileStore } from './file-store.js';
import { UPLOAD_PURPOSES } from './stored-file.js';

/** Content kept in memory to tell the type: pictures need their header, texts are read whole up to this. */
const HEAD_BYTES = 4 * 2 ** 20;

/** An upload that lies in the store's temporary place. */
export interface Upload {
  readonly purpose: (typeof UPLOAD_PURPOSES)[number];
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly facts: FileFacts | null;
}

/** Streams the file of a multipart body to disk while hashing it; memory does not grow with the file. */
@Injectable()
export class UploadReader {
  constructor(
    private readonly store: FileStore,
    private readonly disk: DiskGuard,
    private readonly pressure: ProcessPressure,
  ) {}

  /** @throws UnsupportedMediaTypeError, ValidationFailedError, PayloadTooLargeError, ServerBusyError, DiskFullError */
  async read(request: FastifyRequest): Promise<Upload> {
    if (!request.isMultipart()) {
      throw new UnsupportedMediaTypeError(
        'Send multipart/form-data with a part "file" and optionally a part "purpose".',
      );
    }
    if (Number(request.headers['content-length'] ?? 0) > FILE_LIMIT_BYTES + 65_536) throw tooLarge();
    this.pressure.assertCalm();
    await this.disk.reserve(0);
    request.bodyAllowance?.take(HEAD_BYTES);
    let purpose: unknown = 'job_input';
    let upload: Omit<Upload, 'purpose'> | null = null;
    try {
      for await (const part of request.parts({ limits: { fileSize: FILE_LIMIT_BYTES, files: 1 } })) {
        if (!part.fieldname) throw new MalformedRequestError('Every part of a multipart body needs a name.');
        if (part.type === 'file') upload = await this.receive(part);
        else if (part.fieldname === 'purpose') purpose = part.value;
        else throw fault(part.fieldname, 'unknown_part', 'is not a part of this request');
      }
      if (!upload) throw fault('file', 'required', 'is required');
      if (!isPurpose(purpose)) throw fault('purpose', 'invalid', `must be one of ${UPLOAD_PURPOSES.join(', ')}`);
      return { ...upload, purpose };
    } catch (error) {
      if (upload) await fs.rm(upload.path, { force: true });
      request.raw.resume(); // discards the rest, so that the client comes to read the answer
      throw error;
    }
  }

  private async receive(part: MultipartFile): Promise<Omit<Upload, 'purpose'>> {
    const path = await this.store.temporaryPath();
    const hash = createHash('sha256');
    const head: Buffer[] = [];
    const { disk } = this;
    let bytes = 0;
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        if (bytes < HEAD_BYTES) head.push(chunk);
        bytes += chunk.length;
        try {
          disk.take(chunk.length);
          done(null, chunk);
        } catch (error) {
          done(error as Error);
        }
      },
    });
    try {
      await pipeline(part.file, meter, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      if (part.file.truncated) throw tooLarge();
    } catch (error) {
      await fs.rm(path, { force: true });
      throw error;
    }
    const beginning = Buffer.concat(head);
    const facts = bytes > beginning.length ? factsOfBeginning(beginning) : factsOf(beginning);
    return {
      name: part.filename || part.fieldname,
      path,
      bytes,
      sha256: hash.digest('hex'),
      facts: facts && { ...facts, sizeBytes: bytes },
    };
  }
}

function isPurpose(value: unknown): value is Upload['purpose'] {
  return UPLOAD_PURPOSES.includes(value as Upload['purpose']);
}

function tooLarge(): PayloadTooLargeError {
  return new PayloadTooLargeError(`A file may have at most ${FILE_LIMIT_BYTES} bytes (100 MiB).`);
}

function fault(part: string, code: string, message: string): ValidationFailedError {
  return new ValidationFailedError([
    { pointer: `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`, code, message },
  ]);
}
