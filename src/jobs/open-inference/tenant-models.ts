import { Injectable } from '@nestjs/common';
import { modelNamesOf } from '../../analyzers/chain-analyzer.js';
import { NotFoundError } from '../../common/domain-error.js';
import type { DescribedModel } from '../../inference/model-version.js';
import { ModelStore } from '../../inference/models/model-catalog.js';
import { type TenantAnalyzer, TenantAnalyzers } from '../catalog/tenant-analyzers.js';

/** A model that a tenant may run as it is. */
export interface TenantModel {
  readonly model: DescribedModel;
  /** Uploaded, not of the platform. */
  readonly isOwn: boolean;
  /** uuid of the tenant's row in `maru.analyzers` that gives it the model. */
  readonly analyzerId: string;
}

/** The models behind the analyzers that a tenant may use. One that it uploaded goes before one of the platform. */
@Injectable()
export class TenantModels {
  constructor(
    private readonly analyzers: TenantAnalyzers,
    private readonly models: ModelStore,
  ) {}

  /** @throws NotFoundError for a model or a version that is not there, or not the tenant's: nobody can tell them apart */
  async get(tenantId: string, name: string, version: string | null): Promise<TenantModel> {
    const granted = await this.analyzerOf(tenantId, name);
    if (!granted) throw new NotFoundError();
    const isOwn = granted.modelIds !== null;
    const model = isOwn ? granted.uploaded : this.models.list().find((candidate) => candidate.name === name);
    if (!model || (version !== null && version !== model.version)) throw new NotFoundError();
    return { model, analyzerId: granted.id, isOwn };
  }

  private async analyzerOf(tenantId: string, model: string): Promise<TenantAnalyzer | null> {
    const all = await this.analyzers.list(tenantId);
    const named = all.filter(({ analyzer }) => modelNamesOf(analyzer).includes(model));
    // An uploaded model has the slug of its analyzer; a new one is found by that.
    const found = named.find(({ uploaded }) => uploaded) ?? named[0] ?? (await this.analyzers.find(tenantId, model));
    return found && modelNamesOf(found.analyzer).includes(model) ? found : null;
  }
}
