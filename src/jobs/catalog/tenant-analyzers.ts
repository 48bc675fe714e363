import { Injectable } from '@nestjs/common';
import { AnalyzerRegistry } from '../../analyzers/analyzer-registry.js';
import type { Analyzer } from '../../analyzers/analyzer.js';
import type { AnalyzerManifest } from '../../analyzers/manifest/analyzer-manifest.js';
import { ManifestAnalyzers } from '../../analyzers/manifest/manifest-analyzers.js';
import type { FieldError } from '../../common/domain-error.js';
import { TenantDb } from '../../database/tenant-db.js';
import type { DescribedModel } from '../../inference/model-version.js';

/** An analyzer that a tenant may use. */
export interface TenantAnalyzer {
  /** uuid of the tenant's row in `maru.analyzers`. */
  readonly id: string;
  readonly analyzer: Analyzer;
  /** uuids of the uploaded models that serve it; null for a built-in analyzer. */
  readonly modelIds: readonly string[] | null;
  /** What serves as stable, of an uploaded model; null for a built-in analyzer. */
  readonly uploaded: DescribedModel | null;
  /** Faults of a job's input against the input schema, pointers relative to the input object. */
  faultsOf(input: unknown): FieldError[];
}

/** An enabled analyzer and, for one without code, the model that serves it as stable. */
interface AnalyzerRow {
  readonly id: string;
  readonly slug: string;
  readonly modelId: string | null;
  readonly manifest: AnalyzerManifest | null;
  readonly version: string;
  readonly runtime: DescribedModel['runtime'];
  readonly signature: Pick<DescribedModel, 'inputs' | 'outputs' | 'maxBatchSize'> | null;
  readonly maxBatch: number;
  readonly canaryId: string | null;
}

const ENABLED = `
select a.id, a.slug, m.id as "modelId", m.manifest, m.version, m.runtime, m.signature,
       m.max_batch as "maxBatch", c.model_id as "canaryId"
  from maru.analyzers a
  left join maru.model_aliases s on s.tenant_id = a.tenant_id and s.slug = a.slug and s.alias = 'stable'
  left join maru.model_versions m on m.tenant_id = s.model_tenant_id and m.id = s.model_id
  left join maru.model_aliases c on c.tenant_id = a.tenant_id and c.slug = a.slug and c.alias = 'canary' and c.percent > 0
 where a.tenant_id = $1 and a.enabled order by a.slug`;

/** A list shows a grant or its end this late; whoever names a new analyzer finds it, and a submit sees the end of one. */
const CACHE_MS = 2_000;
/** Tenants that are remembered; each holds a handful of small objects. */
const MAX_CACHED_TENANTS = 1_000;

interface Cached {
  readonly until: number;
  readonly analyzers: Promise<readonly TenantAnalyzer[]>;
}

/** Which analyzers a tenant may use: built-in ones that were granted to it, and those that a model of its own serves. */
@Injectable()
export class TenantAnalyzers {
  private readonly cache = new Map<string, Cached>();

  constructor(
    private readonly registry: AnalyzerRegistry,
    private readonly manifests: ManifestAnalyzers,
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
    const isIt = ({ analyzer }: TenantAnalyzer) => analyzer.definition.slug === slug;
    const known = (await this.list(tenantId)).find(isIt);
    if (known) return known;
    // One that is not remembered may be new.
    this.cache.delete(tenantId);
    return (await this.list(tenantId)).find(isIt) ?? null;
  }

  private async read(tenantId: string): Promise<readonly TenantAnalyzer[]> {
    const rows = await this.db.one<AnalyzerRow>(tenantId, {
      name: 'tenant-analyzers',
      text: ENABLED,
      values: [tenantId],
    });
    return rows.flatMap((row) => this.analyzerOf(row) ?? []);
  }

  private analyzerOf(row: AnalyzerRow): TenantAnalyzer | null {
    const { id, slug, modelId, manifest, canaryId } = row;
    const builtIn = this.registry.find(slug);
    if (builtIn) {
      const faultsOf = (input: unknown) => this.registry.faultsOf(slug, input);
      return { id, analyzer: builtIn, modelIds: null, uploaded: null, faultsOf };
    }
    if (modelId === null || manifest === null) return null;
    return {
      id,
      analyzer: this.manifests.of(modelId, manifest),
      modelIds: canaryId === null ? [modelId] : [modelId, canaryId],
      uploaded: uploadedOf(row),
      faultsOf: (input) => this.manifests.faultsOf(modelId, manifest, input),
    };
  }
}

function uploadedOf({ slug, version, runtime, signature, maxBatch }: AnalyzerRow): DescribedModel | null {
  if (!signature) return null;
  const { inputs, outputs } = signature;
  const maxBatchSize = Math.min(maxBatch, signature.maxBatchSize);
  return { name: slug, version, runtime, inputs, outputs, maxBatchSize, buckets: null };
}
