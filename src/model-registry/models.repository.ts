import { Injectable } from '@nestjs/common';
import { TenantDb } from '../database/tenant-db.js';
import { MODEL_COLUMNS, MODELS_CHANNEL, PLATFORM_OWNER, type StoredModel } from './stored-model.js';

/** A model that was received and is not written yet. */
export interface NewModel extends Pick<
  StoredModel,
  'tenantId' | 'id' | 'name' | 'digest' | 'runtime' | 'manifest' | 'files' | 'bytes' | 'maxBatch'
> {
  /** Null: the next whole number. */
  readonly version: string | null;
  readonly idempotencyKey: string | null;
  readonly fingerprint: string;
  readonly createdBy: string;
}

/** $11 version or null. One statement, so that two uploads without a version cannot both take the same number unseen. */
export const INSERT_MODEL = `
with next as (
  select coalesce(max(version::int), 0) + 1 as n from maru.model_versions
   where tenant_id = $1 and name = $3 and version ~ '^[0-9]{1,8}$' and status <> 'rejected'),
m as (
  insert into maru.model_versions (tenant_id, id, name, version, digest, runtime, manifest, files, bytes, max_batch,
                                   idempotency_key, fingerprint, created_by)
  select $1, $2, $3, coalesce($11::text, n::text), $4, $5, $6::jsonb, $7::jsonb, $8, $9, $10, $12, $13 from next
  returning *)
select ${MODEL_COLUMNS}, pg_notify('${MODELS_CHANNEL}', '') from m`;

/** The parameters of INSERT_MODEL. */
export function insertValues(model: NewModel): unknown[] {
  return [
    model.tenantId,
    model.id,
    model.name,
    model.digest,
    model.runtime,
    JSON.stringify(model.manifest),
    JSON.stringify(model.files),
    model.bytes,
    model.maxBatch,
    model.idempotencyKey,
    model.version,
    model.fingerprint,
    model.createdBy,
  ];
}

/** What a tenant may see: its own, and of the operators' those that are shared with it. $1 tenant; `m` is the table. */
export const VISIBLE_MODEL = `(m.tenant_id = $1 or m.tenant_id = '${PLATFORM_OWNER}' and exists (
  select from maru.model_grants g where g.tenant_id = $1 and g.model_id = m.id))`;

/** What became of a wish to retire a model: done, a pointer names it, or it did not serve any more. */
export type Retirement = 'retired' | 'in_use' | 'was_retired';

/** A tenant's own models, and those that operators share with it. */
@Injectable()
export class ModelsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Throws 23505 when the version or the idempotency key is taken. */
  insert(model: NewModel): Promise<StoredModel> {
    return this.db.run(model.tenantId, async (manager) => {
      const [row] = await manager.query<StoredModel[]>(INSERT_MODEL, insertValues(model));
      return row as StoredModel;
    });
  }

  /** Newest first, before the model with `beforeId`. */
  list(tenantId: string, limit: number, beforeId: string | null): Promise<StoredModel[]> {
    return this.db.one<StoredModel>(tenantId, {
      text: `select ${MODEL_COLUMNS} from maru.model_versions m
              where ${VISIBLE_MODEL} and ($3::uuid is null or m.id < $3) order by m.id desc limit $2`,
      values: [tenantId, limit, beforeId],
    });
  }

  /** Null for a model that does not exist and for one that is not the tenant's to see. */
  async find(tenantId: string, id: string): Promise<StoredModel | null> {
    const [row] = await this.db.one<StoredModel>(tenantId, {
      text: `select ${MODEL_COLUMNS} from maru.model_versions m where ${VISIBLE_MODEL} and m.id = $2`,
      values: [tenantId, id],
    });
    return row ?? null;
  }

  async findByKey(tenantId: string, key: string): Promise<(StoredModel & { readonly fingerprint: string }) | null> {
    const [row] = await this.db.one<StoredModel & { fingerprint: string }>(tenantId, {
      text: `select ${MODEL_COLUMNS}, m.fingerprint from maru.model_versions m where m.tenant_id = $1 and m.idempotency_key = $2`,
      values: [tenantId, key],
    });
    return row ?? null;
  }

  /**
   * Retires a model that no pointer names. The row is locked first, and whoever sets a pointer locks it too, so neither
   * can pass the other.
   */
  retire(tenantId: string, id: string): Promise<Retirement> {
    return this.db.run(tenantId, async (manager): Promise<Retirement> => {
      const [model] = await manager.query<{ status: string }[]>(
        'select status from maru.model_versions where tenant_id = $1 and id = $2 for update',
        [tenantId, id],
      );
      if (!model || model.status === 'retired') return 'was_retired';
      const rows = await manager.query<{ used: boolean }[]>(
        'select exists (select from maru.model_aliases where tenant_id = $1 and model_id = $2) as used',
        [tenantId, id],
      );
      if (rows[0]?.used) return 'in_use';
      await manager.query(
        `update maru.model_versions set status = 'retired', retired_at = now() where tenant_id = $1 and id = $2`,
        [tenantId, id],
      );
      await manager.query(`select pg_notify('${MODELS_CHANNEL}', '')`);
      return 'retired';
    });
  }
}
