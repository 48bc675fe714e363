import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../auth/tenant-context.js';
import type { AnalyzerDefinition } from '../../analyzers/analyzer.js';
import { NotFoundError } from '../../common/domain-error.js';
import { publicId } from '../../common/ids.js';
import { type Page, pageOf } from '../../http/page.js';
import type { PageQueryDto } from '../../http/page-query.dto.js';
import { PageTokens } from '../../http/page-tokens.js';
import { ModelStore } from '../../inference/models/model-catalog.js';
import type { AnalyzerDto } from '../dto/analyzer.dto.js';
import { TenantAnalyzers } from './tenant-analyzers.js';
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
    const definitions = (await this.analyzers.list(context.tenantId)).map((a) => a.analyzer.definition);
    return pageOf(
      definitions.filter((d) => d.slug > after).slice(0, limit + 1),
      limit,
      (definition) => this.dtoOf(definition),
      (last) => this.tokens.seal(last.slug, binding),
    );
  }

  /** @throws NotFoundError for an analyzer or a version that does not exist, or is not the tenant's */
  async read(context: TenantContext, slug: string, version: string | undefined): Promise<AnalyzerDto> {
    const found = await this.analyzers.find(context.tenantId, slug);
    const definition = found?.analyzer.definition;
    if (!definition || (version !== undefined && version !== definition.version)) throw new NotFoundError();
    return this.dtoOf(definition);
  }

  private dtoOf(definition: AnalyzerDefinition): AnalyzerDto {
    const serving = this.models.list().filter((m) => m.name === definition.model);
    return toAnalyzerDto(
      definition,
      serving.map((m) => publicId('model', m.id)),
    );
  }
}
