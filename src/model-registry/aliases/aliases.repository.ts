import { Injectable } from '@nestjs/common';
import { newUuid } from '../../common/ids.js';
import { TenantDb } from '../../database/tenant-db.js';
import { VISIBLE_MODEL } from '../models.repository.js';
import { MODEL_COLUMNS, MODELS_CHANNEL, type StoredModel } from '../stored-model.js';
import type { AliasName, ModelAlias } from './model-alias.js';

const COLUMNS = `slug, alias, model_id as "modelId", percent, previous_model_id as "previousModelId", revision,
  updated_by as "updatedBy", updated_at as "updatedAt"`;

/** $1 tenant, $2 slug, $3 alias, $4 owner of the model, $5 model, $6 percent, $7 by. Points, and remembers where it pointed. */
const POINT = `
insert into maru.model_aliases as a (tenant_id, slug, alias, model_tenant_id, model_id, percent, updated_by)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (tenant_id, slug, alias) do update set
  previous_model_tenant_id = case when a.model_id = excluded.model_id then a.previous_model_tenant_id else a.model_tenant_id end,
  previous_model_id = case when a.model_id = excluded.model_id then a.previous_model_id else a.model_id end,
  model_tenant_id = excluded.model_tenant_id, model_id = excluded.model_id, percent = excluded.percent,
  revision = a.revision + 1, updated_by = excluded.updated_by, updated_at = clock_timestamp()
returning ${COLUMNS}`;

/** What a change of a pointer is decided on, read under locks. */
export interface AliasScene {
  /** The model that is to be pointed at; null when the tenant may not use it. */
  readonly target: StoredModel | null;
  /** The model that serves now. */
  readonly stable: StoredModel | null;
  /** The pointer as it is; null while there is none. */
  readonly pointer: ModelAlias | null;
}

/** Pointers of a tenant's analyzers. */
@Injectable()
export class AliasesRepository {
  constructor(private readonly db: TenantDb) {}

  list(tenantId: string, slug: string): Promise<ModelAlias[]> {
    return this.db.one<ModelAlias>(tenantId, {
      text: `select ${COLUMNS} from maru.model_aliases where tenant_id = $1 and slug = $2 order by alias desc`,
      values: [tenantId, slug],
    });
  }

  async find(tenantId: string, slug: string, alias: AliasName): Promise<ModelAlias | null> {
    return (await this.list(tenantId, slug)).find((a) => a.alias === alias) ?? null;
  }

  /**
   * Points at a model in one step, after `judge` has looked at it and let it pass; what it throws undoes everything. The
   * first `stable` of a slug also makes the analyzer visible to its tenant.
   */
  point(
    tenantId: string,
    wanted: Pick<ModelAlias, 'slug' | 'alias' | 'modelId' | 'percent'> & { readonly by: string },
    judge: (scene: AliasScene) => void,
  ): Promise<ModelAlias> {
    const { slug, alias, modelId, percent, by } = wanted;
    return this.db.run(tenantId, async (manager) => {
      // `for share` against a retirement; shared models are read alone, because a tenant may not lock them.
      await manager.query('select 1 from maru.model_versions where tenant_id = $1 and id = $2 for share', [
        tenantId,
        modelId,
      ]);
      const [target] = await manager.query<StoredModel[]>(
        `select ${MODEL_COLUMNS} from maru.model_versions m where ${VISIBLE_MODEL} and m.id = $2`,
        [tenantId, modelId],
      );
      const [stable] = await manager.query<StoredModel[]>(
        `select ${MODEL_COLUMNS} from maru.model_aliases a
           join maru.model_versions m on m.tenant_id = a.model_tenant_id and m.id = a.model_id
          where a.tenant_id = $1 and a.slug = $2 and a.alias = 'stable'`,
        [tenantId, slug],
      );
      const [pointer] = await manager.query<ModelAlias[]>(
        `select ${COLUMNS} from maru.model_aliases where tenant_id = $1 and slug = $2 and alias = $3 for update`,
        [tenantId, slug, alias],
      );
      judge({ target: target ?? null, stable: stable ?? null, pointer: pointer ?? null });
      const values = [tenantId, slug, alias, target?.tenantId, modelId, percent, by];
      const [row] = await manager.query<ModelAlias[]>(POINT, values);
      await manager.query(
        'insert into maru.analyzers (tenant_id, id, slug) values ($1, $2, $3) on conflict (tenant_id, slug) do nothing',
        [tenantId, newUuid(), slug],
      );
      await manager.query(`select pg_notify('${MODELS_CHANNEL}', '')`);
      return row as ModelAlias;
    });
  }

  /** The pointer that was; null when there was none. */
  remove(tenantId: string, slug: string, alias: AliasName): Promise<ModelAlias | null> {
    return this.db.run(tenantId, async (manager) => {
      const [gone] = await manager.query<ModelAlias[]>(
        `with gone as (delete from maru.model_aliases where tenant_id = $1 and slug = $2 and alias = $3 returning *)
         select ${COLUMNS}, pg_notify('${MODELS_CHANNEL}', '') from gone`,
        [tenantId, slug, alias],
      );
      return gone ?? null;
    });
  }
}
