import { Injectable } from '@nestjs/common';
import { AnalyzerRegistry } from '../../analyzers/analyzer-registry.js';
import type { Analyzer } from '../../analyzers/analyzer.js';
import { TenantDb } from '../../database/tenant-db.js';

/** An analyzer that a tenant may use. */
export interface TenantAnalyzer {
  /** uuid of the tenant's row in `maru.analyzers`. */
  readonly id: string;
  readonly analyzer: Analyzer;
}

/** A grant or its end is seen this late here; the submit statement itself always sees it. */
const CACHE_MS = 2_000;
/** Tenants that are remembered; each holds a handful of small objects. */
const MAX_CACHED_TENANTS = 1_000;

interface Cached {
  readonly until: number;
  readonly analyzers: Promise<readonly TenantAnalyzer[]>;
}

/** Which analyzers a tenant may use: those granted to it that this process knows. */
@Injectable()
export class TenantAnalyzers {
  private readonly cache = new Map<string, Cached>();

  constructor(
    private readonly registry: AnalyzerRegistry,
    private readonly db: TenantDb,
  ) {}

  /** Ordered by slug. */
  list(tenantId: string): Promise<readonly TenantAnalyzer[]> {
    const now = performance.now();
    const cached = this.cache.get(tenantId);
    if (cached && cached.until > now) return cached.analyzers;
    const analyzers = this.read(tenantId);
    if (this.cache.size >= MAX_CACHED_TENANTS) this.cache.clear();
    this.cache.set(tenantId, { until: now + CACHE_MS, analyzers });
    analyzers.catch(() => this.cache.delete(tenantId));
    return analyzers;
  }

  /** Null for an analyzer that does not exist and for one that is not the tenant's: nobody can tell them apart. */
  async find(tenantId: string, slug: string): Promise<TenantAnalyzer | null> {
    return (await this.list(tenantId)).find((a) => a.analyzer.definition.slug === slug) ?? null;
  }

  private async read(tenantId: string): Promise<readonly TenantAnalyzer[]> {
    const rows = await this.db.one<{ id: string; slug: string }>(tenantId, {
      name: 'tenant-analyzers',
      text: 'select id, slug from maru.analyzers where tenant_id = $1 and enabled order by slug',
      values: [tenantId],
    });
    return rows.flatMap(({ id, slug }) => {
      const analyzer = this.registry.find(slug);
      return analyzer ? [{ id, analyzer }] : [];
    });
  }
}
