import { Injectable } from '@nestjs/common';
import { NotFoundError } from '../../common/domain-error.js';
import type { ModelVersion } from '../../inference/model-version.js';
import { ModelStore } from '../../inference/models/model-catalog.js';
import { TenantAnalyzers } from '../catalog/tenant-analyzers.js';

/** A model that a tenant may run as it is. */
export interface TenantModel {
  readonly model: ModelVersion;
  /** uuid of the tenant's row in `maru.analyzers` that gives it the model. */
  readonly analyzerId: string;
}

/** The models behind the analyzers that a tenant may use. */
@Injectable()
export class TenantModels {
  constructor(
    private readonly analyzers: TenantAnalyzers,
    private readonly models: ModelStore,
  ) {}

  /** @throws NotFoundError for a model or a version that is not there, or not the tenant's: nobody can tell them apart */
  async get(tenantId: string, name: string, version: string | null): Promise<TenantModel> {
    const granted = (await this.analyzers.list(tenantId)).find(({ analyzer }) => analyzer.definition.model === name);
    const model = granted && this.models.list().find((candidate) => candidate.name === name);
    if (!granted || !model || (version !== null && version !== model.version)) throw new NotFoundError();
    return { model, analyzerId: granted.id };
  }
}
