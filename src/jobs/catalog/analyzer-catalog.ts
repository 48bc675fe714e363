import { Injectable } from '@nestjs/common';
import { modelNamesOf } from '../../analyzers/chain-analyzer.js';
import type { TenantContext } from '../../auth/tenant-context.js';
import { NotFoundError } from '../../common/domain-error.js';
import { publicId } from '../../common/ids.js';
import { type Page, pageOf } from '../../http/page.js';
import type { PageQueryDto } from '../../http/page-query.dto.js';
import { PageTokens } from '../../http/page-tokens.js';
import { ModelStore } from '../../inference/models/model-catalog.js';
import type { AnalyzerDto } from '../dto/analyzer.dto.js';
import { type TenantAnalyzer, TenantAnalyzers } from './tenant-analyzers.js';
import { toAnalyzerDto } from './to-analyzer-dto.js';

/** What a tenant sees of the analyzers that it may use. */
@Injectable()
export class AnalyzerCatalog {
  constructor(
    private readonly analyzers: TenantAnalyzers,
    private readonly models: ModelStore,
    private readonly tokens: PageTokens,
  ) {}

  /** @throws InvalidPageTokenError */
  async page(context: TenantContext, { limit, pageToken }: PageQueryDto): Promise<Page<AnalyzerDto>> {
    const binding = { tenantId: context.tenantId, list: 'analyzers', filters: {} };
    const after = this.tokens.open(pageToken, binding) ?? '';
    const analyzers = await this.analyzers.list(context.tenantId);
    return pageOf(
      analyzers.filter((a) => a.analyzer.definition.slug > after).slice(0, limit + 1),
      limit,
      (analyzer) => this.dtoOf(analyzer),
      (last) => this.tokens.seal(last.analyzer.definition.slug, binding),
    );
  }

  /** @throws NotFoundError for an analyzer or a version that does not exist, or is not the tenant's */
  async read(context: TenantContext, slug: string, version: string | undefined): Promise<AnalyzerDto> {
    const found = await this.analyzers.find(context.tenantId, slug);
    const definition = found?.analyzer.definition;
    if (!found || (version !== undefined && version !== definition?.version)) throw new NotFoundError();
    return this.dtoOf(found);
  }

  private dtoOf({ analyzer, modelIds }: TenantAnalyzer): AnalyzerDto {
    const known = this.models.list();
    const shipped = modelNamesOf(analyzer).flatMap((name) => known.filter((m) => m.name === name));
    const serving = modelIds ?? shipped.map((m) => m.id);
    return toAnalyzerDto(
      analyzer.definition,
      serving.map((id) => publicId('model', id)),
    );
  }
}
