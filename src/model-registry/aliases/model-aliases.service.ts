import { Injectable } from '@nestjs/common';
import { ManifestAnalyzers } from '../../analyzers/manifest/manifest-analyzers.js';
import { type AuditActor, AuditTrail } from '../../audit/audit-trail.js';
import { principalPublicId } from '../../auth/principal.js';
import type { TenantContext } from '../../auth/tenant-context.js';
import { NotFoundError, ValidationFailedError } from '../../common/domain-error.js';
import { TenantDb } from '../../database/tenant-db.js';
import { aliasView } from '../model-audit.js';
import { AliasChangedError, ModelStateError, NothingToRollBackError } from '../model-registry.errors.js';
import type { StoredModel } from '../stored-model.js';
import { type AliasScene, AliasesRepository } from './aliases.repository.js';
import type { AliasName, ModelAlias } from './model-alias.js';
import { acceptsSameInput } from './same-input.js';

/** A change of a pointer that is to be made. */
interface Wanted {
  readonly slug: string;
  readonly alias: AliasName;
  readonly modelId: string;
  readonly percent: number;
}

/**
 * Which version of a model serves an analyzer of a tenant. Workers load a new version before they let go of the old one,
 * so a change costs no job. Each change commits with its audit entry.
 */
@Injectable()
export class ModelAliases {
  constructor(
    private readonly repository: AliasesRepository,
    private readonly analyzers: ManifestAnalyzers,
    private readonly db: TenantDb,
    private readonly audit: AuditTrail,
  ) {}

  /** `stable` first. @throws NotFoundError for an analyzer without a model of its own */
  async list(context: TenantContext, slug: string): Promise<ModelAlias[]> {
    const aliases = await this.repository.list(context.tenantId, slug);
    if (aliases.length === 0) throw new NotFoundError();
    return aliases;
  }

  /**
   * Points at another version. Both versions must take the same input, because jobs that wait were checked against the
   * old one's.
   * @param revision that the caller has seen; null = whatever it is now
   * @throws ValidationFailedError, ModelStateError, AliasChangedError
   */
  point(
    context: TenantContext,
    slug: string,
    alias: AliasName,
    to: { readonly modelId: string; readonly percent: number },
    revision: number | null,
    actor: AuditActor,
  ): Promise<ModelAlias> {
    return this.move(context, { slug, alias, ...to }, 'model_alias.pointed', actor, (scene) => {
      const current = scene.pointer?.revision ?? 0;
      if (revision !== null && revision !== current) throw new AliasChangedError(current);
      this.assertFits(slug, alias, scene);
    });
  }

  /** Points back to the version before. A second rollback undoes the first. @throws NotFoundError, NothingToRollBackError */
  async rollBack(context: TenantContext, slug: string, alias: AliasName, actor: AuditActor): Promise<ModelAlias> {
    const current = await this.repository.find(context.tenantId, slug, alias);
    if (!current) throw new NotFoundError();
    const { previousModelId: modelId, percent } = current;
    if (modelId === null) throw new NothingToRollBackError(slug, alias);
    const wanted = { slug, alias, modelId, percent };
    return this.move(context, wanted, 'model_alias.rolled_back', actor, ({ target }) => {
      if (target?.status !== 'ready') throw new NothingToRollBackError(slug, alias);
    });
  }

  /** Ends a canary. @throws NotFoundError */
  async remove({ tenantId }: TenantContext, slug: string, actor: AuditActor): Promise<void> {
    await this.db.run(tenantId, async (manager) => {
      const gone = await this.repository.remove(tenantId, slug, 'canary');
      if (!gone) throw new NotFoundError();
      const entry = { tenantId, actor, target: targetOf(gone), before: aliasView(gone) };
      await this.audit.record(manager, { ...entry, action: 'model_alias.removed' });
    });
  }

  private move(
    { tenantId, principal }: TenantContext,
    wanted: Wanted,
    action: string,
    actor: AuditActor,
    judge: (scene: AliasScene) => void,
  ): Promise<ModelAlias> {
    const by = principalPublicId(principal);
    return this.db.run(tenantId, async (manager) => {
      let before: object | null = null;
      const pointed = await this.repository.point(tenantId, { ...wanted, by }, (scene) => {
        before = scene.pointer && aliasView(scene.pointer);
        judge(scene);
      });
      const entry = { tenantId, actor, action, target: targetOf(wanted), before, after: aliasView(pointed) };
      await this.audit.record(manager, entry);
      return pointed;
    });
  }

  private assertFits(slug: string, alias: AliasName, { target, stable }: AliasScene): void {
    if (!target || target.name !== slug) {
      throw fault('unknown_model', `is not a model for ${slug} that you may use; GET /v1/models lists them`);
    }
    if (target.status !== 'ready') {
      throw new ModelStateError(`This model is ${target.status}; only one that is ready can serve.`, target.status, [
        'ready',
      ]);
    }
    if (alias === 'canary' && !stable) throw fault('no_stable', 'cannot be a canary while no model serves as stable');
    if (stable && !this.takesSameInput(stable, target)) {
      throw fault('other_input', `takes another input than version ${stable.version}; upload it under another slug`);
    }
  }

  private takesSameInput(one: StoredModel, other: StoredModel): boolean {
    const schemaOf = ({ id, manifest }: StoredModel) => this.analyzers.of(id, manifest).definition.inputSchema;
    return acceptsSameInput(schemaOf(one), schemaOf(other));
  }
}

function targetOf({ slug, alias }: Pick<ModelAlias, 'slug' | 'alias'>): { type: string; id: string } {
  return { type: 'model_alias', id: `${slug}/${alias}` };
}

function fault(code: string, message: string): ValidationFailedError {
  return new ValidationFailedError([{ pointer: '/modelId', code, message }]);
}
