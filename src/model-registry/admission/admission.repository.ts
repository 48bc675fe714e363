import { Injectable } from '@nestjs/common';
import { newUuid } from '../../common/ids.js';
import { WorkerPool } from '../../database/role-pool.js';
import {
  type AdmissionCheck,
  type DeviceProfile,
  MODEL_COLUMNS,
  type ModelSignature,
  MODELS_CHANNEL,
  PLATFORM_OWNER,
  type StoredModel,
} from '../stored-model.js';

/** A model whose admission this worker carries out. */
export interface AdmissionClaim {
  readonly model: StoredModel;
  /** Whoever holds another one may write nothing about this admission. */
  readonly token: string;
  /** From 1. */
  readonly attempt: number;
}

/** How an admission ended. */
export type AdmissionVerdict =
  | {
      readonly status: 'ready';
      readonly signature: ModelSignature;
      readonly profile: Readonly<Record<string, DeviceProfile>>;
    }
  | { readonly status: 'rejected' };

/** Tenants take turns: whoever had a model checked last goes last, however many it has waiting. */
const CLAIM = `
update maru.model_versions m set worker = $1, lease_until = now() + $2 * interval '1 ms', attempts = m.attempts + 1, checks = '[]'
  from (select w.tenant_id, w.id from maru.model_versions w
         where w.status = 'admitting' and (w.lease_until is null or w.lease_until < now())
         order by (select max(d.checked_at) from maru.model_versions d where d.tenant_id = w.tenant_id) nulls first, w.created_at
         limit 1 for update skip locked) n
 where m.tenant_id = n.tenant_id and m.id = n.id
returning ${MODEL_COLUMNS}, m.attempts`;

/** The first version of a slug that is ready serves at once: its tenant gets the analyzer. */
const FINISH = `
with m as (
  update maru.model_versions set status = $4, signature = coalesce($5::jsonb, signature), profile = coalesce($6::jsonb, profile),
         checked_at = now(), worker = null, lease_until = null
   where tenant_id = $1 and id = $2 and worker = $3 and status = 'admitting'
  returning tenant_id, id, name, status),
a as (
  insert into maru.model_aliases (tenant_id, slug, alias, model_tenant_id, model_id)
  select tenant_id, name, 'stable', tenant_id, id from m where status = 'ready' and tenant_id <> '${PLATFORM_OWNER}'
  on conflict do nothing),
v as (
  insert into maru.analyzers (tenant_id, id, slug)
  select tenant_id, $7::uuid, name from m where status = 'ready' and tenant_id <> '${PLATFORM_OWNER}'
  on conflict do nothing)
select pg_notify('${MODELS_CHANNEL}', '') from m`;

/** Admissions of all tenants, as maru_worker. Every write is fenced by the token of its claim. */
@Injectable()
export class AdmissionRepository {
  constructor(private readonly pool: WorkerPool) {}

  /** The next model that waits and that nobody works on; null when there is none. */
  async claim(leaseMs: number): Promise<AdmissionClaim | null> {
    const token = newUuid();
    const { rows } = await this.pool.query<StoredModel & { attempts: number }>(CLAIM, [token, leaseMs]);
    const row = rows[0];
    return row ? { model: row, token, attempt: row.attempts } : null;
  }

  /** False when the claim was lost. */
  async extend({ model, token }: AdmissionClaim, leaseMs: number): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `update maru.model_versions set lease_until = now() + $4 * interval '1 ms'
        where tenant_id = $1 and id = $2 and worker = $3 and status = 'admitting'`,
      [model.tenantId, model.id, token, leaseMs],
    );
    return rowCount === 1;
  }

  /** Adds the outcome of one check; false when the claim was lost. */
  async append({ model, token }: AdmissionClaim, check: AdmissionCheck): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `update maru.model_versions set checks = checks || $4::jsonb
        where tenant_id = $1 and id = $2 and worker = $3 and status = 'admitting'`,
      [model.tenantId, model.id, token, JSON.stringify([check])],
    );
    return rowCount === 1;
  }

  /** Ends the admission; false when the claim was lost. */
  async finish({ model, token }: AdmissionClaim, verdict: AdmissionVerdict): Promise<boolean> {
    const isReady = verdict.status === 'ready';
    const { rows } = await this.pool.query(FINISH, [
      model.tenantId,
      model.id,
      token,
      verdict.status,
      isReady ? JSON.stringify(verdict.signature) : null,
      isReady ? JSON.stringify(verdict.profile) : null,
      newUuid(),
    ]);
    return rows.length === 1;
  }

  /** Gives the model to whoever looks next; the attempt does not count. */
  async release({ model, token }: AdmissionClaim): Promise<void> {
    await this.pool.query(
      `with gone as (
         update maru.model_versions set worker = null, lease_until = null, attempts = greatest(attempts - 1, 0)
          where tenant_id = $1 and id = $2 and worker = $3 and status = 'admitting' returning 1)
       select pg_notify('${MODELS_CHANNEL}', '') from gone`,
      [model.tenantId, model.id, token],
    );
  }
}
