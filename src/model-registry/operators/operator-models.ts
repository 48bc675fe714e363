import fs from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import { NotFoundError, ValidationFailedError } from '../../common/domain-error.js';
import { isTaken } from '../../database/taken-key.js';
import { ModelFiles } from '../model-files.js';
import { ModelVersionExistsError } from '../model-registry.errors.js';
import { Models } from '../models.service.js';
import type { IncomingModel } from '../receiving/incoming-model.js';
import { PLATFORM_OWNER } from '../stored-model.js';
import { type OperatedModel, OperatorModelsRepository } from './operator-models.repository.js';

/** What an operator may change of a model. */
export interface ModelChange {
  readonly maxBatch?: number | undefined;
  /** uuids. */
  readonly tenantIds?: readonly string[] | undefined;
}

/** Models of all tenants, and those that the operators themselves give out. */
@Injectable()
export class OperatorModels {
  constructor(
    private readonly repository: OperatorModelsRepository,
    private readonly models: Models,
    private readonly files: ModelFiles,
  ) {}

  list(limit: number, beforeId: string | null): Promise<OperatedModel[]> {
    return this.repository.list(limit, beforeId);
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<OperatedModel> {
    const model = await this.repository.find(id);
    if (!model) throw new NotFoundError();
    return model;
  }

  /** Takes in a model that belongs to no tenant; nobody may use it until it is shared. @throws as Models.receive */
  async receive(incoming: IncomingModel, createdBy: string): Promise<OperatedModel> {
    try {
      const model = this.models.prepare(incoming, PLATFORM_OWNER, null, createdBy);
      await this.files.adopt(incoming.directory, model.digest, model.files);
      await this.repository.insert(model).catch((error: unknown) => {
        throw isTaken(error) ? new ModelVersionExistsError(model.name, model.version ?? 'of this number') : error;
      });
      return await this.get(model.id);
    } finally {
      await fs.rm(incoming.directory, { recursive: true, force: true });
    }
  }

  /** @throws NotFoundError, ValidationFailedError */
  async change(id: string, { maxBatch, tenantIds }: ModelChange): Promise<OperatedModel> {
    const model = await this.get(id);
    if (tenantIds) {
      if (model.tenantId !== PLATFORM_OWNER)
        throw fault('/tenants', 'not_allowed', 'can be set for models of the operators only');
      const stillServed = model.servedTo.filter((tenantId) => !tenantIds.includes(tenantId));
      if (stillServed.length > 0) {
        throw fault(
          '/tenants',
          'in_use',
          `${stillServed.length} tenants that would lose it have an analyzer that points at it`,
        );
      }
      await this.repository.share(id, tenantIds);
    }
    if (maxBatch !== undefined) {
      const most = model.signature?.maxBatchSize ?? model.maxBatch;
      if (maxBatch > most) throw fault('/maxBatch', 'too_large', `must be at most ${most}, the size that was checked`);
      await this.repository.setMaxBatch(id, maxBatch);
    }
    return this.get(id);
  }
}

function fault(pointer: string, code: string, message: string): ValidationFailedError {
  return new ValidationFailedError([{ pointer, code, message }]);
}
