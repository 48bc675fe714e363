import fs from 'node:fs/promises';
import type { Multipart } from '@fastify/multipart';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { TenantContext } from '../../auth/tenant-context.js';
import { ValidationFailedError } from '../../common/domain-error.js';
import { DiskGuard } from '../../files/disk-guard.js';
import { MalformedRequestError } from '../../http/http.errors.js';
import { ProcessPressure } from '../../http/process-pressure.js';
import { ModelFiles } from '../model-files.js';
import { FileReceiver, MAX_MODEL_BYTES, tooLarge } from './file-receiver.js';
import type { IncomingFile, IncomingModel } from './incoming-model.js';
import { assertFileName, completeModel, manifestFrom, partFault } from './model-parts.js';
import { type FileSource, StoredModelSources } from './stored-model-sources.js';

const MAX_FILES = 65;
const MANIFEST_PART = 'manifest';

/**
 * Reads a model out of a multipart request (part `manifest`, and one file part for each file that it names) or a JSON one
 * (`{manifest, fileId}`, or `files: [{name, fileId}]` when there are several). Every file is on disk when it resolves.
 */
@Injectable()
export class ModelRequestReader {
  constructor(
    private readonly files: ModelFiles,
    private readonly receiver: FileReceiver,
    private readonly sources: StoredModelSources,
    private readonly disk: DiskGuard,
    private readonly pressure: ProcessPressure,
  ) {}

  /**
   * @param context whose stored files a JSON request may name; null = none
   * @throws ValidationFailedError, MalformedRequestError, PayloadTooLargeError, ServerBusyError, DiskFullError
   */
  async read(request: FastifyRequest, context: TenantContext | null): Promise<IncomingModel> {
    if (Number(request.headers['content-length'] ?? 0) > MAX_MODEL_BYTES + 2 ** 20) throw tooLarge();
    this.pressure.assertCalm();
    await this.disk.reserve(0);
    const directory = await this.files.incomingDirectory();
    try {
      return request.isMultipart()
        ? await this.readMultipart(request, directory)
        : await this.readJson(request.body, context, directory);
    } catch (error) {
      await fs.rm(directory, { recursive: true, force: true });
      if (request.isMultipart()) request.raw.resume(); // discards the rest, so that the client comes to read the answer
      throw error;
    }
  }

  private async readMultipart(request: FastifyRequest, directory: string): Promise<IncomingModel> {
    let manifest: unknown;
    const files: IncomingFile[] = [];
    let leftBytes = MAX_MODEL_BYTES;
    const limits = { fileSize: MAX_MODEL_BYTES + 1, files: MAX_FILES, parts: MAX_FILES + 1 };
    for await (const part of request.parts({ limits })) {
      if (part.fieldname === MANIFEST_PART) manifest = await manifestOf(part);
      else if (part.type === 'file') {
        const name = part.filename || part.fieldname;
        assertFileName(name, files);
        const file = await this.receiver.receive(part.file, directory, name, leftBytes);
        leftBytes -= file.bytes;
        files.push(file);
      } else
        throw new ValidationFailedError([
          partFault(`/${part.fieldname}`, 'unknown_part', 'is not a part of this request'),
        ]);
    }
    return completeModel(manifest, directory, files);
  }

  private async readJson(body: unknown, context: TenantContext | null, directory: string): Promise<IncomingModel> {
    const { manifest, sources } = this.sources.requestOf(body);
    const parsed = manifestFrom(manifest);
    const wanted = sources(parsed.artifacts.flatMap((artifact) => artifact.files));
    const files: IncomingFile[] = [];
    let leftBytes = MAX_MODEL_BYTES;
    for (const source of wanted) {
      assertFileName(source.name, files);
      const file = await this.receiver.receive(await this.open(source, context), directory, source.name, leftBytes);
      leftBytes -= file.bytes;
      files.push(file);
    }
    return completeModel(manifest, directory, files);
  }

  private async open(source: FileSource, context: TenantContext | null) {
    const stream = context === null ? null : await this.sources.open(context, source);
    if (stream) return stream;
    throw new ValidationFailedError([
      partFault(source.pointer, 'unknown_file', 'is not a file of yours that is ready'),
    ]);
  }
}

/** Text of the part `manifest`, whether it was sent as a field or as a file. */
async function manifestOf(part: Multipart): Promise<unknown> {
  let text: unknown;
  if (part.type === 'file') {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of part.file as AsyncIterable<Buffer>) {
      if ((bytes += chunk.length) > 2 ** 20) throw tooLarge();
      chunks.push(chunk);
    }
    text = Buffer.concat(chunks).toString('utf8');
  } else text = part.value;
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedRequestError('The part "manifest" is not JSON.');
  }
}
