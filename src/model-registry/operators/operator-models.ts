import fs from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { type AuditActor, AuditTrail } from '../../audit/audit-trail.js';
import { NotFoundError, ValidationFailedError } from '../../common/domain-error.js';
import { inTransaction } from '../../database/in-transaction.js';
import { PlatformPool } from '../../database/role-pool.js';
import { isTaken } from '../../database/taken-key.js';
import { modelTarget, operatedView, uploadView } from '../model-audit.js';
import { ModelFiles } from '../model-files.js';
import { ModelVersionExistsError } from '../model-registry.errors.js';
import type { NewModel } from '../models.repository.js';
import { Models } from '../models.service.js';
import type { IncomingModel } from '../receiving/incoming-model.js';
import { PLATFORM_OWNER } from '../stored-model.js';
import { type OperatedModel, OperatorModelsRepository } from './operator-models.repository.js';

/** What an operator may change of a model. */
export interface ModelChange {
  readonly maxBatch?: number | undefined;
  /** uuids: exactly these, or what is made of those that may use it now. */
  readonly tenantIds?: readonly string[] | ((current: readonly string[]) => readonly string[]) | undefined;
}

/** Models of all tenants, and those that the operators themselves give out. Each change commits with its audit entry. */
@Injectable()
export class OperatorModels {
  constructor(
    private readonly repository: OperatorModelsRepository,
    private readonly models: Models,
    private readonly files: ModelFiles,
    private readonly pool: PlatformPool,
    private readonly audit: AuditTrail,
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
  async receive(incoming: IncomingModel, createdBy: string, actor: AuditActor): Promise<OperatedModel> {
    try {
      const model = this.models.prepare(incoming, PLATFORM_OWNER, null, createdBy);
      await this.files.adopt(incoming.directory, model.digest, model.files);
      await this.insert(model, actor);
      return await this.get(model.id);
    } finally {
      await fs.rm(incoming.directory, { recursive: true, force: true });
    }
  }

  /** @throws NotFoundError, ValidationFailedError */
  change(id: string, change: ModelChange, actor: AuditActor): Promise<OperatedModel> {
    return inTransaction(this.pool, async (client) => {
      const model = await this.repository.lock(client, id);
      if (!model) throw new NotFoundError();
      await this.apply(client, model, change);
      const changed = (await this.repository.find(id, client))!;
      const entry = { tenantId: null, actor, target: modelTarget(model), before: operatedView(model) };
      await this.audit.record(client, { ...entry, after: operatedView(changed), action: 'model.changed' });
      return changed;
    });
  }

  private async apply(
    client: pg.PoolClient,
    model: OperatedModel,
    { maxBatch, tenantIds: wanted }: ModelChange,
  ): Promise<void> {
    const tenantIds = typeof wanted === 'function' ? wanted(model.tenants) : wanted;
    if (tenantIds) {
      requireShareable(model, tenantIds);
      await this.repository.share(client, model.id, tenantIds);
    }
    if (maxBatch !== undefined) {
      const most = model.signature?.maxBatchSize ?? model.maxBatch;
      if (maxBatch > most) throw fault('/maxBatch', 'too_large', `must be at most ${most}, the size that was checked`);
      await this.repository.setMaxBatch(client, model.id, maxBatch);
    }
  }

  private async insert(model: NewModel, actor: AuditActor): Promise<void> {
    try {
      await inTransaction(this.pool, async (client) => {
        const row = await this.repository.insert(client, model);
        const entry = { tenantId: null, actor, target: modelTarget(row), after: uploadView(row) };
        await this.audit.record(client, { ...entry, action: 'model.uploaded' });
      });
    } catch (error) {
      throw isTaken(error) ? new ModelVersionExistsError(model.name, model.version ?? 'of this number') : error;
    }
  }
}

function requireShareable({ tenantId, servedTo }: OperatedModel, tenantIds: readonly string[]): void {
  if (tenantId !== PLATFORM_OWNER)
    throw fault('/tenants', 'not_allowed', 'can be set for models of the operators only');
  const stillServed = servedTo.filter((served) => !tenantIds.includes(served));
  if (stillServed.length === 0) return;
  const message = `${stillServed.length} tenants that would lose it have an analyzer that points at it`;
  throw fault('/tenants', 'in_use', message);
}

function fault(pointer: string, code: string, message: string): ValidationFailedError {
  return new ValidationFailedError([{ pointer, code, message }]);
}
