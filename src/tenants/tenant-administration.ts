import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { type AuditActor, AuditTrail } from '../audit/audit-trail.js';
import { NotFoundError, ValidationFailedError } from '../common/domain-error.js';
import { publicId } from '../common/ids.js';
import { inTransaction } from '../database/in-transaction.js';
import { PlatformPool } from '../database/role-pool.js';
import { requireMatch, tagOf } from '../http/precondition.js';
import { TenantAdministrationRepository } from './tenant-administration.repository.js';
import { TenantDirectory } from './tenant-directory.js';
import type { QuotaOverride, TenantChange, TenantSettings } from './tenant-settings.js';

/** What operators decide about tenants. Every change is one transaction with its audit entry. */
@Injectable()
export class TenantAdministration {
  constructor(
    private readonly pool: PlatformPool,
    private readonly repository: TenantAdministrationRepository,
    private readonly directory: TenantDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws NotFoundError */
  async settings(id: string): Promise<TenantSettings & { readonly tag: string }> {
    const settings = await this.repository.settings(id);
    if (!settings) throw new NotFoundError();
    return { ...settings, tag: tagOf(settings) };
  }

  /** @throws ValidationFailedError for a plan that does not exist */
  async requirePlan(plan: string): Promise<void> {
    if (await this.repository.hasPlan(plan)) return;
    throw new ValidationFailedError([
      { pointer: '/plan', code: 'unknown_plan', message: 'is no plan of this installation' },
    ]);
  }

  /** @throws NotFoundError, PreconditionFailedError, ValidationFailedError */
  async change(id: string, change: TenantChange, ifMatch: string | undefined, actor: AuditActor): Promise<void> {
    if (change.plan !== undefined) await this.requirePlan(change.plan);
    await this.inOne(id, async (client, before) => {
      requireMatch(ifMatch, tagOf(before));
      const changed = differing(before, change);
      if (Object.keys(changed).length === 0) return;
      await this.repository.update(client, id, changed);
      const old = Object.fromEntries(Object.keys(changed).map((name) => [name, before[name as keyof TenantSettings]]));
      await this.audit.record(client, { ...about(id, actor), action: 'tenant.changed', before: old, after: changed });
    });
    this.directory.forget();
  }

  /** Replaces all exceptions from the plan. @throws NotFoundError */
  async setQuotas(id: string, quotas: readonly QuotaOverride[], actor: AuditActor): Promise<void> {
    await this.inOne(id, async (client) => {
      const before = await this.repository.quotas(client, id);
      await this.repository.setQuotas(client, id, quotas, actor.id);
      const entry = { ...about(id, actor), before: { quotas: before }, after: { quotas } };
      await this.audit.record(client, { ...entry, action: 'tenant.quotas_changed' });
    });
  }

  /**
   * Refuses every request from now on and removes all data when the days of grace are over; `resume` takes it back until
   * then. @throws NotFoundError
   */
  async remove(id: string, reason: string, graceDays: number, actor: AuditActor): Promise<void> {
    await this.inOne(id, async (client, before) => {
      await this.repository.setDeletion(client, id, reason, graceDays);
      const fields = {
        before: { status: before.status, deleteAfter: before.deleteAfter },
        after: { status: 'suspended', graceDays },
      };
      await this.audit.record(client, { ...about(id, actor), ...fields, reason, action: 'tenant.deleted' });
    });
    this.directory.forget();
  }

  private inOne(id: string, work: (client: pg.PoolClient, before: TenantSettings) => Promise<void>): Promise<void> {
    return inTransaction(this.pool, async (client) => {
      const before = await this.repository.lock(client, id);
      if (!before) throw new NotFoundError();
      await work(client, before);
    });
  }
}

function about(id: string, actor: AuditActor) {
  return { tenantId: id, actor, target: { type: 'tenant', id: publicId('tenant', id) } };
}

/** The members of a change that change something. */
function differing(before: TenantSettings, change: TenantChange): TenantChange {
  const entries = Object.entries(change) as [keyof TenantChange, unknown][];
  return Object.fromEntries(
    entries.filter(([name, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(before[name])),
  );
}
