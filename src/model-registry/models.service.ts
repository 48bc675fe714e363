import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import { AnalyzerRegistry } from '../analyzers/analyzer-registry.js';
import { type AuditActor, AuditTrail } from '../audit/audit-trail.js';
import { principalPublicId } from '../auth/principal.js';
import type { TenantContext } from '../auth/tenant-context.js';
import { canonicalJson } from '../common/canonical-json.js';
import { NotFoundError, ValidationFailedError } from '../common/domain-error.js';
import { newUuid } from '../common/ids.js';
import { isTaken } from '../database/taken-key.js';
import { TenantDb } from '../database/tenant-db.js';
import { IdempotencyKeyReusedError } from '../jobs/jobs.errors.js';
import { modelTarget, uploadView } from './model-audit.js';
import { ModelInUseError, ModelStateError, ModelVersionExistsError } from './model-registry.errors.js';
import { digestOfFiles, ModelFiles } from './model-files.js';
import { ModelsRepository, type NewModel } from './models.repository.js';
import type { IncomingModel } from './receiving/incoming-model.js';
import type { ModelFile, StoredModel } from './stored-model.js';

/** A model that was taken in. */
export interface ReceivedModel {
  readonly model: StoredModel;
  /** True when an earlier request with the same key made it. */
  readonly replayed: boolean;
}

/** Uploaded models of a tenant. Whatever is taken in waits for its admission by a worker. Each change leaves its trace. */
@Injectable()
export class Models {
  constructor(
    private readonly repository: ModelsRepository,
    private readonly files: ModelFiles,
    private readonly analyzers: AnalyzerRegistry,
    private readonly db: TenantDb,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Stores a received model as `admitting`. Its files are durable before its row is.
   * @throws ValidationFailedError, ModelVersionExistsError, IdempotencyKeyReusedError
   */
  async receive(
    context: TenantContext,
    incoming: IncomingModel,
    key: string | null,
    actor: AuditActor,
  ): Promise<ReceivedModel> {
    const createdBy = principalPublicId(context.principal);
    try {
      const model = this.prepare(incoming, context.tenantId, key, createdBy);
      const known = await this.replay(model);
      if (known) return known;
      await this.files.adopt(incoming.directory, model.digest, model.files);
      return await this.insert(model, actor);
    } finally {
      await fs.rm(incoming.directory, { recursive: true, force: true });
    }
  }

  /** Newest first. */
  list(context: TenantContext, limit: number, beforeId: string | null): Promise<StoredModel[]> {
    return this.repository.list(context.tenantId, limit, beforeId);
  }

  /** @throws NotFoundError */
  async get(context: TenantContext, id: string): Promise<StoredModel> {
    const model = await this.repository.find(context.tenantId, id);
    if (!model) throw new NotFoundError();
    return model;
  }

  /** @throws NotFoundError, ModelStateError, ModelInUseError */
  async retire(context: TenantContext, id: string, actor: AuditActor): Promise<void> {
    const model = await this.get(context, id);
    if (model.tenantId !== context.tenantId) throw new NotFoundError();
    if (model.status === 'retired') return;
    if (model.status === 'admitting') {
      throw new ModelStateError(
        'The checks of this model are still running. Retire it when they have ended.',
        'admitting',
        ['ready', 'rejected'],
      );
    }
    await this.db.run(context.tenantId, async (manager) => {
      const retirement = await this.repository.retire(context.tenantId, id);
      if (retirement === 'in_use') throw new ModelInUseError(model.name, 'stable or canary');
      if (retirement === 'was_retired') return;
      const entry = { tenantId: context.tenantId, actor, target: modelTarget(model) };
      const [before, after] = [{ status: model.status }, { status: 'retired' }];
      await this.audit.record(manager, { ...entry, action: 'model.retired', before, after });
    });
  }

  /** What is to be written for a received model. @throws ValidationFailedError */
  prepare({ manifest, files }: IncomingModel, tenantId: string, key: string | null, createdBy: string): NewModel {
    if (this.analyzers.find(manifest.slug)) {
      const message = 'is the slug of a built-in analyzer; choose another one';
      throw new ValidationFailedError([{ pointer: '/manifest/slug', code: 'not_allowed', message }]);
    }
    const stored = manifest.artifacts.flatMap(({ runtime, files: names }) =>
      names.map((name): ModelFile => ({ runtime, ...fileOf(files, name) })),
    );
    const digest = digestOfFiles(stored);
    return {
      tenantId,
      id: newUuid(),
      name: manifest.slug,
      version: manifest.version ?? null,
      digest,
      runtime: manifest.artifacts[0]?.runtime ?? 'onnx',
      manifest,
      files: stored,
      bytes: stored.reduce((sum, { bytes }) => sum + bytes, 0),
      maxBatch: manifest.batch.max,
      idempotencyKey: key,
      fingerprint: createHash('sha256')
        .update(`POST /v1/models ${digest} ${canonicalJson(manifest)}`)
        .digest('hex'),
      createdBy,
    };
  }

  private async insert(model: NewModel, actor: AuditActor): Promise<ReceivedModel> {
    try {
      const stored = await this.db.run(model.tenantId, async (manager) => {
        const row = await this.repository.insert(model);
        const entry = { tenantId: model.tenantId, actor, target: modelTarget(row), after: uploadView(row) };
        await this.audit.record(manager, { ...entry, action: 'model.uploaded' });
        return row;
      });
      return { model: stored, replayed: false };
    } catch (error) {
      if (!isTaken(error)) throw error;
      const known = await this.replay(model);
      if (known) return known;
      throw new ModelVersionExistsError(model.name, model.version ?? 'of this number');
    }
  }

  private async replay({ tenantId, idempotencyKey, fingerprint }: NewModel): Promise<ReceivedModel | null> {
    const model = idempotencyKey === null ? null : await this.repository.findByKey(tenantId, idempotencyKey);
    if (!model) return null;
    if (model.fingerprint !== fingerprint) throw new IdempotencyKeyReusedError();
    return { model, replayed: true };
  }
}

function fileOf(files: IncomingModel['files'], name: string): Omit<ModelFile, 'runtime'> {
  const file = files.find((candidate) => candidate.name === name);
  if (!file) throw new Error(`the file ${name} was not received`);
  return file;
}
