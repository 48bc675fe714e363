import { Injectable } from '@nestjs/common';
import { AnalyzerRegistry } from '../../analyzers/analyzer-registry.js';
import { newUuid } from '../../common/ids.js';
import { PlatformPool } from '../../database/role-pool.js';

/** Which analyzers a tenant may use, as operators decide it. */
@Injectable()
export class AnalyzerGrants {
  constructor(
    private readonly registry: AnalyzerRegistry,
    private readonly pool: PlatformPool,
  ) {}

  /**
   * Enables exactly these of the built-in analyzers and disables the others; those that the tenant's own models make stay.
   * Throws for a slug that does not exist.
   */
  async set(tenantId: string, slugs: readonly string[]): Promise<void> {
    for (const slug of slugs) this.registry.get(slug);
    await this.pool.query(
      `with wanted as (
         insert into maru.analyzers (tenant_id, id, slug) select $1, i, s from unnest($2::uuid[], $3::text[]) u(i, s)
         on conflict (tenant_id, slug) do update set enabled = true returning slug)
       update maru.analyzers set enabled = false
        where tenant_id = $1 and slug = any($4::text[]) and not (slug = any($3::text[]))`,
      [tenantId, slugs.map(() => newUuid()), slugs, this.registry.list().map(({ definition }) => definition.slug)],
    );
  }
}
