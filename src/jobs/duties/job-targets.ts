import { Injectable } from '@nestjs/common';
import { AnalyzerRegistry } from '../../analyzers/analyzer-registry.js';
import type { Analyzer } from '../../analyzers/analyzer.js';
import type { AnalyzerManifest } from '../../analyzers/manifest/analyzer-manifest.js';
import { ManifestAnalyzers } from '../../analyzers/manifest/manifest-analyzers.js';
import { RawTensorAnalyzer, rawTargetOf } from '../../analyzers/tensor/raw-tensor-analyzer.js';
import { DomainError } from '../../common/domain-error.js';
import { ModelStore } from '../../inference/models/model-catalog.js';
import { type ModelInUse, ServedModels } from '../../inference/models/served-models.js';
import type { ModelVersion } from '../../inference/model-version.js';
import type { Claim } from '../recording/claim.js';
import { modelsFor, PinUnavailableError } from '../repeating/pinned-model.js';

/** What one attempt runs with. */
export interface JobTarget {
  readonly analyzer: Analyzer<never, unknown>;
  /** One for each of the analyzer's steps, in their order. */
  readonly models: readonly ModelVersion[];
  /** To be called when nothing of the attempt can run any more. */
  release(): void;
}

/** No uploaded model serves the analyzer on this worker. */
export class NothingServesError extends DomainError {
  readonly code = 'model_unavailable';
  override readonly retryable = true;
}

/**
 * Finds analyzer and model of an attempt: built in, or made of the manifest of the version that serves its tenant; or the
 * model as it is.
 */
@Injectable()
export class JobTargets {
  constructor(
    private readonly registry: AnalyzerRegistry,
    private readonly models: ModelStore,
    private readonly served: ServedModels,
    private readonly analyzers: ManifestAnalyzers,
  ) {}

  /** @throws PinUnavailableError, UnknownModelError, NothingServesError */
  async of(claim: Claim): Promise<JobTarget> {
    const raw = rawTargetOf(claim.analyzerSlug);
    if (raw?.isOwn) {
      const { version, release } = await this.take(claim, raw.name);
      return { analyzer: new RawTensorAnalyzer(raw, version.inputs), models: [version], release };
    }
    const builtIn = raw ? new RawTensorAnalyzer(raw) : this.registry.find(claim.analyzerSlug);
    if (builtIn) {
      const models = modelsFor(claim, builtIn, this.models);
      const kept = models.map((model) => this.served.keep(model));
      return { analyzer: builtIn, models, release: () => kept.forEach((letGo) => letGo()) };
    }
    const { version, manifest, release } = await this.take(claim, claim.analyzerSlug);
    const analyzer: Analyzer<never, unknown> = this.analyzers.of(version.id, manifest as AnalyzerManifest);
    return { analyzer, models: [version], release };
  }

  /** A pointer may be younger than what this worker knows: then it looks once before it gives up. */
  private async take(claim: Claim, slug: string): Promise<ModelInUse> {
    const pinned = claim.pin?.model.digest ?? null;
    const find = () => this.served.take(claim.tenantId, slug, claim.jobId, pinned);
    let found = find();
    if (!found) {
      await this.served.refresh();
      found = find();
    }
    if (found) return found;
    if (pinned !== null) {
      throw new PinUnavailableError(
        `The rerun is held to ${slug} ${pinned}, which this worker does not have. Submit a new job to use what serves now.`,
      );
    }
    throw new NothingServesError(`No model serves ${slug}. Point the analyzer at one that is ready.`);
  }
}
