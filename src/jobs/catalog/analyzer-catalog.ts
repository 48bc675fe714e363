import { Injectable } from '@nestjs/common';
import { modelNamesOf } from '../../analyzers/chain-analyzer.js';
import type { TenantContext } from '../../auth/tenant-context.js';
import { NotFoundError } from '../../common/domain-error.js';
import { publicId } from '../../common/ids.js';
import { type Page, pageOf } from '../../http/page.js';
import type { PageQueryDto } from '../../http/page-query.dto.js';
import { PageTokens } from '../../http/page-tokens.js';
import { ModelStore } from '../../inference/models/model-catalog.js';
import { UnitPrices } from '../../usage/unit-prices.js';
import type { AnalyzerDto } from '../dto/analyzer.dto.js';
import { RecentTimes } from '../recent/recent-times.js';
import { type TenantAnalyzer, TenantAnalyzers } from './tenant-analyzers.js';
import { toAnalyzerDto } from './to-analyzer-dto.js';

/** What a tenant sees of the analyzers that it may use. */
@Injectable()
export class AnalyzerCatalog {
  constructor(
    private readonly analyzers: TenantAnalyzers,
    private readonly models: ModelStore,
    private readonly tokens: PageTokens,
    private readonly prices: UnitPrices,
    private readonly times: RecentTimes,
  ) {}

  /** @throws InvalidPageTokenError */
  async page(context: TenantContext, { limit, pageToken }: PageQueryDto): Promise<Page<AnalyzerDto>> {
    const binding = { tenantId: context.tenantId, list: 'analyzers', filters: {} };
    const after = this.tokens.open(pageToken, binding) ?? '';
    const analyzers = (await this.analyzers.list(context.tenantId)).filter((a) => a.analyzer.definition.slug > after);
    const dtos = await Promise.all(analyzers.slice(0, limit + 1).map((a) => this.dtoOf(context.tenantId, a)));
    return pageOf(
      dtos,
      limit,
      (dto) => dto,
      (last) => this.tokens.seal(last.slug, binding),
    );
  }

  /** @throws NotFoundError for an analyzer or a version that does not exist, or is not the tenant's */
  async read(context: TenantContext, slug: string, version: string | undefined): Promise<AnalyzerDto> {
    const found = await this.analyzers.find(context.tenantId, slug);
    const definition = found?.analyzer.definition;
    if (!found || (version !== undefined && version !== definition?.version)) throw new NotFoundError();
    return this.dtoOf(context.tenantId, found);
  }

  private async dtoOf(tenantId: string, { analyzer, modelIds }: TenantAnalyzer): Promise<AnalyzerDto> {
    const [price, { latency, eta }] = await Promise.all([
      this.prices.of(tenantId),
      this.times.of(tenantId, analyzer.definition.slug),
    ]);
    const known = this.models.list();
    const shipped = modelNamesOf(analyzer).flatMap((name) => known.filter((m) => m.name === name));
    const serving = modelIds ?? shipped.map((m) => m.id);
    const models = serving.map((id) => publicId('model', id));
    return toAnalyzerDto(analyzer.definition, { models, price, latency, eta });
  }
}
