import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PlatformPool } from '../../database/role-pool.js';
import { INSERT_MODEL, insertValues, type NewModel } from '../models.repository.js';
import { MODEL_COLUMNS, MODELS_CHANNEL, PLATFORM_OWNER, type StoredModel } from '../stored-model.js';

/** A model with the tenants that may use it: its owner, or those that it is shared with. */
export interface OperatedModel extends StoredModel {
  /** uuids. */
  readonly tenants: readonly string[];
  /** uuids of tenants whose analyzer points at it. */
  readonly servedTo: readonly string[];
}

const COLUMNS = `${MODEL_COLUMNS},
  case when m.tenant_id <> '${PLATFORM_OWNER}' then array[m.tenant_id]
       else array(select g.tenant_id from maru.model_grants g where g.model_id = m.id order by g.tenant_id) end as tenants,
  array(select distinct a.tenant_id from maru.model_aliases a where a.model_id = m.id) as "servedTo"`;

/** Models of all tenants, as maru_platform. */
@Injectable()
export class OperatorModelsRepository {
  constructor(private readonly pool: PlatformPool) {}

  /** Newest first, before the model with `beforeId`. */
  async list(limit: number, beforeId: string | null): Promise<OperatedModel[]> {
    const { rows } = await this.pool.query<OperatedModel>(
      `select ${COLUMNS} from maru.model_versions m where $2::uuid is null or m.id < $2 order by m.id desc limit $1`,
      [limit, beforeId],
    );
    return rows;
  }

  async find(id: string, connection: pg.Pool | pg.PoolClient = this.pool): Promise<OperatedModel | null> {
    const { rows } = await connection.query<OperatedModel>(
      `select ${COLUMNS} from maru.model_versions m where m.id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** The model, changed by nobody else until the transaction ends. */
  async lock(client: pg.PoolClient, id: string): Promise<OperatedModel | null> {
    await client.query('select 1 from maru.model_versions where id = $1 for update', [id]);
    return this.find(id, client);
  }

  /** Throws 23505 when the version is taken. */
  async insert(client: pg.PoolClient, model: NewModel): Promise<StoredModel> {
    const { rows } = await client.query<StoredModel>(INSERT_MODEL, insertValues(model));
    return rows[0]!;
  }

  /** Shares a model with exactly these tenants; those that do not exist are left out. */
  async share(client: pg.PoolClient, id: string, tenantIds: readonly string[]): Promise<void> {
    await client.query(
      `with gone as (delete from maru.model_grants where model_id = $1 and not (tenant_id = any($2::uuid[])))
       insert into maru.model_grants (tenant_id, model_id) select t.id, $1 from maru.tenants t where t.id = any($2::uuid[])
       on conflict do nothing`,
      [id, tenantIds],
    );
  }

  async setMaxBatch(client: pg.PoolClient, id: string, maxBatch: number): Promise<void> {
    await client.query(
      `with m as (update maru.model_versions set max_batch = $2 where id = $1 returning 1)
       select pg_notify('${MODELS_CHANNEL}', '') from m`,
      [id, maxBatch],
    );
  }
}
