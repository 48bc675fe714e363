import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FileRule, ObjectSchema } from '../../analyzers/analyzer.js';
import type { TenantContext } from '../../auth/tenant-context.js';
import { type FieldError, ValidationFailedError } from '../../common/domain-error.js';
import { publicId, uuidOf } from '../../common/ids.js';
import { DiskGuard } from '../../files/disk-guard.js';
import { factsOf } from '../../files/file-facts.js';
import { FilesService } from '../../files/files.service.js';
import { decodeDataUri, MAX_DATA_URI_BYTES } from './data-uri.js';
import { faultsOfFile } from './file-fit.js';
import { fileRulesOf } from './file-rules.js';
import { RemoteFiles } from './remote-files.js';
import type { FilePart } from './job-request.js';

type Input = Readonly<Record<string, unknown>>;

/** A file of a request: stored already, or about to be. */
export interface ResolvedFile {
  readonly field: string;
  /** Hex. */
  readonly sha256: string;
  /** Null for a file that is stored already. */
  readonly upload: { readonly name: string; readonly content: Buffer } | null;
}

/** One file field of a request: what was given and what it accepts. */
interface FileField {
  readonly name: string;
  readonly pointer: string;
  readonly rule: FileRule;
}

/** Stands for a part while the input is checked against its schema. */
const PLACEHOLDER = { fileId: publicId('file', '00000000-0000-7000-8000-000000000000') };

/** The files of a request: by id, by address, as data URIs, and as multipart parts. */
@Injectable()
export class InputFiles {
  constructor(
    private readonly files: FilesService,
    private readonly disk: DiskGuard,
    private readonly remote: RemoteFiles,
  ) {}

  /** The input with a placeholder for each part, for the schema. Adds a fault for a part that has no field, or a field given twice. */
  complete(schema: ObjectSchema, input: Input, parts: readonly FilePart[], faults: FieldError[]): Input {
    const rules = fileRulesOf(schema);
    const completed: Record<string, unknown> = { ...input };
    for (const { field } of parts) {
      const pointer = pointerOf(field);
      if (!rules.has(field))
        faults.push({ pointer, code: 'unknown_part', message: 'is not a file field of this analyzer' });
      else if (Object.hasOwn(completed, field))
        faults.push({ pointer, code: 'given_twice', message: 'is given twice' });
      else completed[field] = PLACEHOLDER;
    }
    return completed;
  }

  /**
   * Looks at every file: it must be the tenant's own, ready, and fit its field. The input matches the schema already.
   * @param passTurn called before a file is fetched from its address, which may take seconds
   * @throws ValidationFailedError, UnsafeUrlError
   */
  async resolve(
    context: TenantContext,
    schema: ObjectSchema,
    input: Input,
    parts: readonly FilePart[],
    passTurn: () => void,
  ): Promise<ResolvedFile[]> {
    const faults: FieldError[] = [];
    const files: ResolvedFile[] = [];
    for (const [name, rule] of fileRulesOf(schema)) {
      const field = { name, pointer: pointerOf(name), rule };
      const part = parts.find((p) => p.field === name);
      const value = input[name] as { fileId?: string; dataUri?: string; url?: string } | undefined;
      if (part) files.push(...this.inline(field, part.name, part.content, faults));
      else if (value?.dataUri !== undefined) files.push(...this.dataUri(field, value.dataUri, faults));
      else if (value?.url !== undefined) {
        passTurn();
        files.push(...(await this.fetched(context, field, value.url, faults)));
      } else if (value?.fileId !== undefined) files.push(...(await this.stored(context, field, value.fileId, faults)));
    }
    if (faults.length > 0) throw new ValidationFailedError(faults);
    return files;
  }

  /** Stores the new files and gives the input in which every file stands by its id. Throws DiskFullError before the first. */
  async store(context: TenantContext, input: Input, files: readonly ResolvedFile[]): Promise<Input> {
    const stored: Record<string, unknown> = { ...input };
    await this.disk.reserve(files.reduce((sum, { upload }) => sum + (upload?.content.length ?? 0), 0));
    for (const { field, upload } of files) {
      if (!upload) continue;
      const file = await this.files.save(context, 'job_input', upload.name, upload.content);
      stored[field] = { fileId: publicId('file', file.id) };
    }
    return stored;
  }

  private async stored(
    context: TenantContext,
    field: FileField,
    fileId: string,
    faults: FieldError[],
  ): Promise<ResolvedFile[]> {
    const uuid = uuidOf('file', fileId);
    const known = uuid && (await this.files.findReady(context, uuid));
    if (!known) {
      faults.push({ pointer: field.pointer, code: 'unknown_file', message: 'is not a file of yours that is ready' });
      return [];
    }
    faults.push(...faultsOfFile(field.pointer, { ...known, sizeBytes: known.bytes }, field.rule));
    return [{ field: field.name, sha256: known.sha256, upload: null }];
  }

  private async fetched(
    { tenantId }: TenantContext,
    field: FileField,
    url: string,
    faults: FieldError[],
  ): Promise<ResolvedFile[]> {
    const file = await this.remote.fetch(tenantId, url, field.rule.maxBytes);
    if ('content' in file) return this.inline(field, file.name, file.content, faults);
    faults.push({ pointer: `${field.pointer}/url`, ...file });
    return [];
  }

  private dataUri(field: FileField, uri: string, faults: FieldError[]): ResolvedFile[] {
    const content = decodeDataUri(uri);
    if (typeof content !== 'string') return this.inline(field, field.name, content, faults);
    const message =
      content === 'too_large'
        ? `must have at most ${MAX_DATA_URI_BYTES} bytes decoded; upload larger files`
        : 'must be a base64 data URI with content';
    faults.push({ pointer: `${field.pointer}/dataUri`, code: content, message });
    return [];
  }

  private inline(field: FileField, name: string, content: Buffer, faults: FieldError[]): ResolvedFile[] {
    const unknown = { mimeType: 'application/octet-stream', sizeBytes: content.length, width: null, height: null };
    const isTooLarge = content.length > field.rule.maxBytes; // then nobody needs to read it for its type
    const facts = isTooLarge ? { ...unknown, mimeType: field.rule.accept[0] ?? '' } : (factsOf(content) ?? unknown);
    faults.push(...faultsOfFile(field.pointer, facts, field.rule));
    const sha256 = createHash('sha256').update(content).digest('hex');
    return [{ field: field.name, sha256, upload: { name, content } }];
  }
}

function pointerOf(field: string): string {
  return `/input/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
