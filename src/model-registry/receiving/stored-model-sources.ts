import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { TenantContext } from '../../auth/tenant-context.js';
import { ValidationFailedError } from '../../common/domain-error.js';
import { uuidOf } from '../../common/ids.js';
import { FilesService } from '../../files/files.service.js';

const REQUEST = z.strictObject({
  manifest: z.unknown(),
  fileId: z.string().optional(),
  files: z
    .array(z.strictObject({ name: z.string(), fileId: z.string() }))
    .max(65)
    .optional(),
});

/** A file of a model that lies in the tenant's file store. */
export interface FileSource {
  readonly name: string;
  readonly fileId: string;
  /** Where it stands in the body. */
  readonly pointer: string;
}

/** A JSON request: its manifest, and its sources once the names of the files are known. */
interface SourceRequest {
  readonly manifest: unknown;
  readonly sources: (names: readonly string[]) => readonly FileSource[];
}

/** Files of a model that were uploaded before. */
@Injectable()
export class StoredModelSources {
  constructor(private readonly files: FilesService) {}

  /** @throws ValidationFailedError */
  requestOf(body: unknown): SourceRequest {
    const parsed = REQUEST.safeParse(body ?? {});
    if (!parsed.success) {
      throw new ValidationFailedError(
        parsed.error.issues.map(({ path, code, message }) => ({ pointer: `/${path.join('/')}`, code, message })),
      );
    }
    const { manifest, fileId, files } = parsed.data;
    if ((fileId === undefined) === (files === undefined)) {
      throw new ValidationFailedError([
        { pointer: '', code: 'one_of', message: 'must give exactly one of fileId, files, or be multipart' },
      ]);
    }
    const listed = (files ?? []).map((file, i) => ({ ...file, pointer: `/files/${i}/fileId` }));
    return {
      manifest,
      sources: (names) =>
        fileId === undefined ? listed : names.slice(0, 1).map((name) => ({ name, fileId, pointer: '/fileId' })),
    };
  }

  /** Null when it is not a file of the tenant that is ready. */
  async open(context: TenantContext, { fileId }: FileSource): Promise<Readable | null> {
    const id = uuidOf('file', fileId);
    const file = id && (await this.files.findReady(context, id));
    return file ? this.files.open(context, file) : null;
  }
}
