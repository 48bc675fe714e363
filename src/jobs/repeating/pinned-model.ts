import { DomainError } from '../../common/domain-error.js';
import type { AnalyzerDefinition } from '../../analyzers/analyzer.js';
import type { ModelStore } from '../../inference/models/model-catalog.js';
import type { ModelVersion } from '../../inference/model-version.js';
import type { Claim } from '../recording/claim.js';

/** This worker does not have what a rerun is held to; another one may. */
export class PinUnavailableError extends DomainError {
  readonly code = 'model_unavailable';
  override readonly retryable = true;
}

/**
 * The model version that an attempt runs with: the one that serves now, for a rerun the very files of its original.
 * @throws PinUnavailableError when they, or the version of the analyzer, are not here
 */
export function modelFor(
  claim: Pick<Claim, 'pin' | 'analyzerVersion'>,
  definition: AnalyzerDefinition,
  models: ModelStore,
): ModelVersion {
  const { pin, analyzerVersion } = claim;
  if (!pin) return models.byName(definition.model);
  if (definition.version !== analyzerVersion) {
    throw new PinUnavailableError(
      `The rerun is held to version ${analyzerVersion} of ${definition.slug}; this worker has version ${definition.version}. Submit a new job to use that one.`,
    );
  }
  const named = models.list().filter((model) => model.name === pin.model.name);
  const pinned = named.find((model) => model.digest === pin.model.digest);
  if (pinned) return pinned;
  const here = named.map((model) => model.digest).join(', ') || 'no version of it';
  throw new PinUnavailableError(
    `The rerun is held to ${pin.model.name} ${pin.model.digest}; this worker has ${here}. Submit a new job to use what is here.`,
  );
}
