import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { TenantContext } from '../auth/tenant-context.js';
import { RangeNotSatisfiableError } from '../http/http.errors.js';
import { parseRange } from './byte-range.js';
import { FilesService } from './files.service.js';
import type { StoredFile } from './stored-file.js';

/** Sends the bytes of a file in a way that no browser can run: attachment, sandboxed, its own type or none. */
@Injectable()
export class FileDelivery {
  constructor(private readonly files: FilesService) {}

  /** @throws FileExpiredError, RangeNotSatisfiableError */
  async send(
    context: TenantContext,
    file: StoredFile,
    rangeHeader: string | undefined,
    reply: FastifyReply,
  ): Promise<void> {
    const range = parseRange(rangeHeader, file.bytes);
    if (range === 'unsatisfiable') {
      reply.header('Content-Range', `bytes */${file.bytes}`);
      throw new RangeNotSatisfiableError(file.bytes);
    }
    const stream = await this.files.open(context, file, range ?? undefined);
    reply.headers({
      'Accept-Ranges': 'bytes',
      'Content-Type': file.mimeType,
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, max-age=300',
    });
    const length = range ? range.end - range.start + 1 : file.bytes;
    if (range) reply.status(206).header('Content-Range', `bytes ${range.start}-${range.end}/${file.bytes}`);
    await reply.header('Content-Length', length).send(stream);
  }
}
