import { Injectable } from '@nestjs/common';
import { expectedTensors } from '../../analyzers/manifest/expected-tensors.js';
import { type ExpectedTensors, matchSignature } from '../../inference/admission/match-signature.js';
import type { ModelFacts } from '../../inference/admission/model-facts.js';
import { inspectInProcess } from '../../inference/admission/model-inspector.js';
import { ModelRefusal } from '../../inference/admission/model-refusal.js';
import { assertRuntimesAgree, Quarantine, QuarantineRefusal, type Step } from '../../inference/admission/quarantine.js';
import type { OutputMap } from '../../inference/tensor.js';
import { ModelFiles } from '../model-files.js';
import type { AdmissionCheck, DeviceProfile, ModelSignature, StoredModel } from '../stored-model.js';
import { toModelVersion } from '../to-model-version.js';
import type { AdmissionVerdict } from './admission.repository.js';

/** A model that has not passed by then is refused: a worker has other things to do. */
const WHOLE_LIMIT_MS = 5 * 60_000;

/** Writes down a check that has ended. Rejects when the admission has to stop. */
export type Report = (check: AdmissionCheck) => Promise<void>;

/** What one runtime's artifact turned out to be. */
interface Examined {
  readonly signature: ModelSignature;
  readonly profile: readonly [string, DeviceProfile];
  readonly outputs: OutputMap;
}

/**
 * Decides whether an uploaded model may serve: its bytes are judged first, then it runs in quarantine. A refusal is a
 * verdict; an error says nothing about the model.
 */
@Injectable()
export class ModelAdmission {
  constructor(
    private readonly files: ModelFiles,
    private readonly quarantine: Quarantine,
  ) {}

  async judge(model: StoredModel, report: Report): Promise<AdmissionVerdict> {
    const endsAtMs = performance.now() + WHOLE_LIMIT_MS;
    const step: Step = async (name, work) => {
      const startedMs = performance.now();
      const told = (passed: boolean, message: string) =>
        report({ name, passed, message, ms: Math.round(performance.now() - startedMs) });
      try {
        if (startedMs > endsAtMs)
          throw new QuarantineRefusal(`the checks took longer than ${WHOLE_LIMIT_MS / 60_000} minutes`);
        await told(true, await work());
      } catch (error) {
        if (isVerdict(error)) await told(false, error.message);
        throw error;
      }
    };
    try {
      return await this.examineAll(model, step);
    } catch (error) {
      if (isVerdict(error)) return { status: 'rejected' };
      throw error;
    }
  }

  private async examineAll(model: StoredModel, step: Step): Promise<AdmissionVerdict> {
    const expected = expectedTensors(model.manifest);
    const all: Examined[] = [];
    for (const { runtime } of model.manifest.artifacts) {
      const prefix = runtime === model.runtime ? '' : `${runtime}_`;
      all.push(await this.examine(model, runtime, expected, (name, work) => step(`${prefix}${name}`, work)));
    }
    const [first, second] = all;
    if (!first) throw new QuarantineRefusal('the manifest names no artifact');
    if (second) {
      await step('runtimes_agree', async () => {
        assertRuntimesAgree(first.outputs, second.outputs);
        return 'both artifacts give the same answers';
      });
    }
    return {
      status: 'ready',
      signature: first.signature,
      profile: Object.fromEntries(all.map(({ profile }) => profile)),
    };
  }

  private async examine(
    model: StoredModel,
    runtime: StoredModel['runtime'],
    expected: ExpectedTensors,
    step: Step,
  ): Promise<Examined> {
    const facts = await this.inspect(model, runtime, step);
    let signature: ModelSignature | null = null;
    await step('signature', async () => {
      signature = matchSignature(facts, expected, model.manifest.batch.max);
      return `the tensors of the manifest, at most ${signature.maxBatchSize} rows at once`;
    });
    const found = signature as ModelSignature | null;
    if (!found) throw new Error('the step did not run its work');
    const version = toModelVersion(model, found, this.files, runtime);
    const { profile, outputs } = await this.quarantine.examine(version, expected.inputs, step);
    const { deviceClass, profiles, memoryBytes } = profile;
    return { signature: found, profile: [deviceClass, { profiles, memoryBytes }], outputs };
  }

  private async inspect(model: StoredModel, runtime: StoredModel['runtime'], step: Step): Promise<ModelFacts> {
    const files = model.files.filter((file) => file.runtime === runtime).map(({ name }) => name);
    const directory = this.files.artifactDirectory(model.digest, runtime);
    const verdict = await inspectInProcess({ runtime, directory, files });
    const name = 'refusal' in verdict ? verdict.refusal.check : 'inspection';
    let facts: ModelFacts | null = null;
    await step(name, async () => {
      if ('refusal' in verdict) throw new ModelRefusal(verdict.refusal.check, verdict.refusal.message);
      facts = verdict.facts;
      return `${facts.nodes} nodes of ${facts.operators.length} kinds, ${facts.weights} weights`;
    });
    const found = facts as ModelFacts | null;
    if (!found) throw new Error('the step did not run its work');
    return found;
  }
}

function isVerdict(error: unknown): error is ModelRefusal | QuarantineRefusal {
  return error instanceof ModelRefusal || error instanceof QuarantineRefusal;
}
