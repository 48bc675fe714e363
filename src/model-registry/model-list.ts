import { Injectable } from '@nestjs/common';
import type { AuditActor } from '../audit/audit-trail.js';
import type { TenantContext } from '../auth/tenant-context.js';
import { NotFoundError } from '../common/domain-error.js';
import { type Page, pageOf } from '../http/page.js';
import type { PageQueryDto } from '../http/page-query.dto.js';
import { PageTokens } from '../http/page-tokens.js';
import { ModelStore } from '../inference/models/model-catalog.js';
import type { ModelDto } from './dto/model.dto.js';
import { Models } from './models.service.js';
import { toModelDto, toShippedModelDto } from './to-model-dto.js';

/** The models that a tenant may see: its own, those that operators share with it, and those that came with Maru. */
@Injectable()
export class ModelList {
  constructor(
    private readonly models: Models,
    private readonly shipped: ModelStore,
    private readonly tokens: PageTokens,
  ) {}

  /** Uploaded ones first, newest first; those that came with Maru follow on the last page. @throws InvalidPageTokenError */
  async page(context: TenantContext, { limit, pageToken }: PageQueryDto): Promise<Page<ModelDto>> {
    const binding = { tenantId: context.tenantId, list: 'models', filters: {} };
    const before = this.tokens.open(pageToken, binding);
    const rows = await this.models.list(context, limit + 1, before);
    const page = pageOf(rows, limit, toModelDto, (last) => this.tokens.seal(last.id, binding));
    return page.hasMore ? page : { ...page, data: [...page.data, ...this.shipped.list().map(toShippedModelDto)] };
  }

  /** @throws NotFoundError */
  async read(context: TenantContext, id: string): Promise<ModelDto> {
    const shipped = this.shipped.list().find((model) => model.id === id);
    if (shipped) return toShippedModelDto(shipped);
    return toModelDto(await this.models.get(context, id));
  }

  /** Retires an own model. @throws NotFoundError, ModelStateError, ModelInUseError */
  async retire(context: TenantContext, id: string, actor: AuditActor): Promise<void> {
    if (this.shipped.list().some((model) => model.id === id)) throw new NotFoundError();
    await this.models.retire(context, id, actor);
  }
}
