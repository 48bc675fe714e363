import { DomainError } from '../../common/domain-error.js';
import type { Analyzer } from '../../analyzers/analyzer.js';
import { modelNamesOf } from '../../analyzers/chain-analyzer.js';
import type { ModelStore } from '../../inference/models/model-catalog.js';
import type { ModelVersion } from '../../inference/model-version.js';
import type { JobModel } from '../job.js';
import type { Claim } from '../recording/claim.js';

/** This worker does not have what a rerun is held to; another one may. */
export class PinUnavailableError extends DomainError {
  readonly code = 'model_unavailable';
  override readonly retryable = true;
}

/**
 * The model versions that an attempt runs with, in the order of the analyzer's steps: those that serve now, for a rerun the
 * very files of its original. A step that had nothing to run then is held to nothing.
 * @throws PinUnavailableError when they, or the version of the analyzer, are not here
 */
export function modelsFor(
  claim: Pick<Claim, 'pin' | 'analyzerVersion'>,
  analyzer: Analyzer<never, unknown>,
  models: ModelStore,
): readonly ModelVersion[] {
  const { pin, analyzerVersion } = claim;
  const names = modelNamesOf(analyzer);
  if (!pin) return names.map((name) => models.byName(name));
  const { slug, version } = analyzer.definition;
  if (version !== analyzerVersion) {
    throw new PinUnavailableError(
      `The rerun is held to version ${analyzerVersion} of ${slug}; this worker has version ${version}. Submit a new job to use that one.`,
    );
  }
  const pinned = pin.steps?.map((step) => step.model) ?? [pin.model];
  return names.map((name, i) => {
    const model = pinned[i];
    return model ? pinnedAmong(models, model) : models.byName(name);
  });
}

function pinnedAmong(models: ModelStore, { name, digest }: JobModel): ModelVersion {
  const named = models.list().filter((model) => model.name === name);
  const pinned = named.find((model) => model.digest === digest);
  if (pinned) return pinned;
  const here = named.map((model) => model.digest).join(', ') || 'no version of it';
  throw new PinUnavailableError(
    `The rerun is held to ${name} ${digest}; this worker has ${here}. Submit a new job to use what is here.`,
  );
}
