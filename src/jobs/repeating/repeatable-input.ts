import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../auth/tenant-context.js';
import { uuidOf } from '../../common/ids.js';
import { FilesService } from '../../files/files.service.js';
import { type TenantAnalyzer, TenantAnalyzers } from '../catalog/tenant-analyzers.js';
import type { JobRows } from '../job.js';
import { InputGoneError, ResultExpiredError, UnknownAnalyzerError } from '../jobs.errors.js';
import { fileRulesOf } from '../submission/file-rules.js';

/** What a job needs to run again, found to be there. */
export interface Repeatable {
  readonly target: TenantAnalyzer;
  readonly input: NonNullable<JobRows['input']>;
}

/** Looks whether the input of an ended job can still be used. */
@Injectable()
export class RepeatableInput {
  constructor(
    private readonly analyzers: TenantAnalyzers,
    private readonly files: FilesService,
  ) {}

  /**
   * @throws ResultExpiredError, InputGoneError when the input or a file of it was erased
   * @throws UnknownAnalyzerError when the tenant may not use the analyzer any more
   */
  async of(context: TenantContext, rows: JobRows): Promise<Repeatable> {
    if (!rows.input) throw new ResultExpiredError(rows.erasedAt ?? rows.createdAt);
    const target = await this.analyzers.find(context.tenantId, rows.analyzerSlug);
    if (!target) throw new UnknownAnalyzerError();
    for (const field of fileRulesOf(target.analyzer.definition.inputSchema).keys()) {
      const given = rows.input[field] as { fileId?: string } | undefined;
      const fileId = given?.fileId === undefined ? null : uuidOf('file', given.fileId);
      if (fileId && !(await this.files.findReady(context, fileId))) throw new InputGoneError(field);
    }
    return { target, input: rows.input };
  }
}
