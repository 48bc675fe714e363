import { Injectable } from '@nestjs/common';
import { WorkerPool } from '../../database/role-pool.js';
import type { ServingPointers } from '../../inference/models/served-models.js';
import { MODEL_COLUMNS, type StoredModel } from '../stored-model.js';

/** A pointer as its row says it. */
interface PointerRow {
  readonly tenantId: string;
  readonly slug: string;
  readonly stable: string;
  readonly canary: string | null;
  readonly percent: number | null;
}

/** What may serve, of all tenants, as maru_worker. */
@Injectable()
export class ServingRepository {
  constructor(private readonly pool: WorkerPool) {}

  /** Every model that is ready, and every pointer to one. */
  async read(): Promise<{ readonly models: readonly StoredModel[]; readonly pointers: readonly ServingPointers[] }> {
    const models = await this.pool.query<StoredModel>({
      name: 'serving-models',
      text: `select ${MODEL_COLUMNS} from maru.model_versions m where m.status = 'ready'`,
    });
    const pointers = await this.pool.query<PointerRow>({
      name: 'serving-pointers',
      text: `select s.tenant_id as "tenantId", s.slug, s.model_id as stable, c.model_id as canary, c.percent
               from maru.model_aliases s
               left join maru.model_aliases c on c.tenant_id = s.tenant_id and c.slug = s.slug and c.alias = 'canary'
              where s.alias = 'stable'`,
    });
    return { models: models.rows, pointers: pointers.rows.map(toPointers) };
  }
}

function toPointers({ tenantId, slug, stable, canary, percent }: PointerRow): ServingPointers {
  const part = canary !== null && percent ? { modelId: canary, percent } : null;
  return { tenantId, slug, stable, canary: part };
}
