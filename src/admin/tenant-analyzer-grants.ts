import { Injectable } from '@nestjs/common';
import { AnalyzerRegistry } from '../analyzers/analyzer-registry.js';
import { type AuditActor, AuditTrail } from '../audit/audit-trail.js';
import { NotFoundError, ValidationFailedError } from '../common/domain-error.js';
import { newUuid, publicId } from '../common/ids.js';
import { inTransaction } from '../database/in-transaction.js';
import { PlatformPool } from '../database/role-pool.js';

/** $2: the analyzers that are granted at all. Those that a tenant's own models make are not: they stay as they are. */
const ENABLED = `select array(select slug from maru.analyzers where tenant_id = $1 and enabled and slug = any($2::text[]) order by slug) as slugs
                   from maru.tenants where id = $1 for update`;
const GRANT = `
  with wanted as (
    insert into maru.analyzers (tenant_id, id, slug) select $1, i, s from unnest($2::uuid[], $3::text[]) u(i, s)
    on conflict (tenant_id, slug) do update set enabled = true returning slug)
  update maru.analyzers set enabled = false
   where tenant_id = $1 and enabled and slug = any($4::text[]) and not (slug = any($3::text[]))`;

/** Which analyzers a tenant may use: an operator's decision, with its trace. */
@Injectable()
export class TenantAnalyzerGrants {
  constructor(
    private readonly pool: PlatformPool,
    private readonly registry: AnalyzerRegistry,
    private readonly audit: AuditTrail,
  ) {}

  /** Of the built-in ones exactly these from now on. @throws NotFoundError, ValidationFailedError for one that does not exist */
  async set(tenantId: string, slugs: readonly string[], actor: AuditActor): Promise<void> {
    this.requireKnown(slugs);
    const granted = this.registry.list().map(({ definition }) => definition.slug);
    await inTransaction(this.pool, async (client) => {
      const [before] = (await client.query<{ slugs: string[] }>(ENABLED, [tenantId, granted])).rows;
      if (!before) throw new NotFoundError();
      await client.query(GRANT, [tenantId, slugs.map(() => newUuid()), slugs, granted]);
      await this.audit.record(client, {
        tenantId,
        actor,
        action: 'tenant.analyzers_changed',
        target: { type: 'tenant', id: publicId('tenant', tenantId) },
        before: { analyzers: before.slugs },
        after: { analyzers: [...slugs].sort() },
      });
    });
  }

  /** @throws ValidationFailedError */
  requireKnown(slugs: readonly string[]): void {
    const faults = slugs.flatMap((slug, i) =>
      this.registry.find(slug)
        ? []
        : [{ pointer: `/analyzers/${i}`, code: 'unknown_analyzer', message: 'is no analyzer of this installation' }],
    );
    if (faults.length > 0) throw new ValidationFailedError(faults);
  }
}
