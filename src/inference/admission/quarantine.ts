import { TensorArena } from '../arena/tensor-arena.js';
import type { BatchProfile, InferenceBatchResult, LoadedModel } from '../inference-runtime.js';
import { DeadlineExceededError, EngineGoneError, InvalidInferenceError } from '../inference.errors.js';
import type { ModelVersion } from '../model-version.js';
import type { OutputMap, TensorMap } from '../tensor.js';
import type { ExpectedTensor } from './match-signature.js';
import { FILLINGS, freeRows, quarantineRows, rowBytesOf, rowOf } from './quarantine-rows.js';
import type { QuarantineRuntime, QuarantineRuntimes } from './quarantine-runtime.js';

/** Limits of the runs in quarantine, in ms. */
export interface QuarantineLimits {
  /** The first run of a size. */
  readonly firstRunMs: number;
  /** One row alone, once it is warm. */
  readonly oneRowMs: number;
}

export const QUARANTINE_LIMITS: QuarantineLimits = { firstRunMs: 60_000, oneRowMs: 2_000 };

const SIZES = [1, 2, 4, 8, 16];
/** Of one batch: 16 rows of the largest tensor would not fit into any arena. */
const MAX_BATCH_BYTES = 48 * 2 ** 20;
const MIN_ARENA_BYTES = 8 * 2 ** 20;
/** Row alone against row in a batch: measured up to 1e-6 for a transformer; relative above 1. */
const BATCH_TOLERANCE = 1e-5;
/** One runtime against another, on the same weights. */
const RUNTIME_TOLERANCE = 1e-4;

/** The model does not behave; the message says how. Final. */
export class QuarantineRefusal extends Error {}

/** What a model that passed costs. */
export interface QuarantineProfile {
  readonly deviceClass: string;
  readonly profiles: readonly BatchProfile[];
  readonly memoryBytes: number | null;
}

/** Wraps one step: its name, and what it does; resolves with what the step found in words. */
export type Step = (name: string, work: () => Promise<string>) => Promise<void>;

/** Runs an untrusted model in an engine that serves nobody else and is thrown away afterwards, whatever happens. */
export class Quarantine {
  constructor(
    private readonly runtimes: QuarantineRuntimes,
    private readonly limits: QuarantineLimits = QUARANTINE_LIMITS,
  ) {}

  /**
   * Loads the model and runs it through every check, one `step` each. Resolves with its profile and its outputs for the
   * random rows, which another runtime's must equal.
   * Throws QuarantineRefusal for what is the model's fault; any other error says nothing about it.
   */
  async examine(
    model: ModelVersion,
    expected: readonly ExpectedTensor[],
    step: Step,
  ): Promise<{ readonly profile: QuarantineProfile; readonly outputs: OutputMap }> {
    const most = Math.max(MIN_ARENA_BYTES, 4 * Math.min(MAX_BATCH_BYTES, rowBytesOf(model) * SIZES.length * 4));
    const arena = TensorArena.create(most);
    const place = this.runtimes(model.runtime, arena);
    try {
      if (!place) {
        await step('runtime', async () => {
          throw new QuarantineRefusal(`this installation has no runtime for ${model.runtime} models`);
        });
        throw new Error('the step did not run its work');
      }
      return await new Examination(model, expected, place, arena, this.limits).run(step);
    } finally {
      await place?.runtime.close();
      arena.close();
    }
  }
}

class Examination {
  private readonly sizes: readonly number[];

  constructor(
    private readonly model: ModelVersion,
    private readonly expected: readonly ExpectedTensor[],
    private readonly place: QuarantineRuntime,
    private readonly arena: TensorArena,
    private readonly limits: QuarantineLimits,
  ) {
    const fits = Math.max(1, Math.floor(MAX_BATCH_BYTES / Math.max(1, rowBytesOf(model))));
    this.sizes = SIZES.filter((size) => size <= Math.min(fits, model.maxBatchSize));
  }

  async run(step: Step): Promise<{ readonly profile: QuarantineProfile; readonly outputs: OutputMap }> {
    const { runtime, device } = this.place;
    let loaded: LoadedModel | null = null;
    await step('load', async () => {
      loaded = await blaming(this.model, () => runtime.load(this.model, device));
      return `loaded in ${Math.round(loaded.loadMs)} ms`;
    });
    const model = loaded as LoadedModel | null;
    if (!model) throw new Error('the step did not run its work');
    await step('values', () => this.values(model));
    await step('repeatable', () => this.repeatable(model));
    let outputs: OutputMap = {};
    await step('batch_independence', async () => {
      outputs = await this.independent(model);
      return `the same alone and among ${this.sizes.at(-1)} within ${BATCH_TOLERANCE}`;
    });
    await step('latency', () => this.latency(model));
    let profiles: readonly BatchProfile[] = [];
    await step('profile', async () => {
      profiles = await blaming(this.model, () => runtime.warmUp(model));
      const [first] = profiles;
      return first ? `${first.a.toFixed(3)} ms a row and ${first.c.toFixed(3)} ms a batch` : 'no profile';
    });
    const deviceClass = `${runtime.name}/${device.kind}/${device.type}`;
    return { profile: { deviceClass, profiles, memoryBytes: this.place.memoryBytes() }, outputs };
  }

  /** Every filling at every size; the runtime refuses what is not finite, or of another shape than it should be. */
  private async values(model: LoadedModel): Promise<string> {
    for (const size of this.sizes) {
      for (const filling of FILLINGS) {
        const inputs = await quarantineRows(this.model, this.expected, filling, size, this.arena);
        try {
          await this.infer(model, inputs, this.limits.firstRunMs, `${size} rows of ${filling}`);
        } finally {
          freeRows(inputs, this.arena);
        }
      }
    }
    return `${FILLINGS.join(', ')} at ${this.sizes.join(', ')} rows`;
  }

  private async repeatable(model: LoadedModel): Promise<string> {
    const size = this.sizes.at(-1) ?? 1;
    return this.withRandom(size, async (inputs) => {
      const first = await this.infer(model, inputs, this.limits.firstRunMs, 'the first of two equal runs');
      const second = await this.infer(model, inputs, this.limits.firstRunMs, 'the second of two equal runs');
      const difference = differenceOf(first, second, 0);
      if (difference) throw new QuarantineRefusal(`the same ${size} rows gave two answers: ${difference}`);
      return `${size} rows twice, bit-equal`;
    });
  }

  private async independent(model: LoadedModel): Promise<OutputMap> {
    const size = this.sizes.at(-1) ?? 1;
    return this.withRandom(size, async (inputs) => {
      const together = await this.infer(model, inputs, this.limits.firstRunMs, `${size} random rows`);
      for (let row = 0; row < size; row++) {
        const alone = await this.infer(model, rowOf(inputs, row), this.limits.firstRunMs, 'one row alone');
        const difference = differenceOf(alone, rowsOf(together, row, size), BATCH_TOLERANCE);
        if (difference) {
          throw new QuarantineRefusal(
            `row ${row} is another one alone than among ${size}: ${difference}. Rows of a batch must not touch each other`,
          );
        }
      }
      return together;
    });
  }

  private async latency(model: LoadedModel): Promise<string> {
    return this.withRandom(1, async (inputs) => {
      const startedMs = performance.now();
      await this.infer(model, inputs, this.limits.oneRowMs, 'one row, when it was warm');
      return `one row took ${Math.ceil(performance.now() - startedMs)} ms; at most ${this.limits.oneRowMs} are accepted`;
    });
  }

  private async withRandom<T>(size: number, work: (inputs: TensorMap) => Promise<T>): Promise<T> {
    const inputs = await quarantineRows(this.model, this.expected, 'random', size, this.arena);
    try {
      return await work(inputs);
    } finally {
      freeRows(inputs, this.arena);
    }
  }

  private async infer(model: LoadedModel, inputs: TensorMap, deadlineMs: number, what: string): Promise<OutputMap> {
    const batch = { id: 'admission', model, items: [{ ref: 'admission', inputs }], deadlineMs };
    const result = await blaming<InferenceBatchResult>(this.model, () => this.place.runtime.run(batch), what);
    return result.outputs[0] ?? {};
  }
}

/** Throws QuarantineRefusal when two answers to the same rows differ by more than the runtimes may. */
export function assertRuntimesAgree(one: OutputMap, other: OutputMap): void {
  const difference = differenceOf(one, other, RUNTIME_TOLERANCE);
  if (difference) throw new QuarantineRefusal(`the artifacts of the two runtimes disagree: ${difference}`);
}

/** An engine that a signal from outside ended, or that we stopped, says nothing about the model. */
async function blaming<T>({ name, version }: ModelVersion, work: () => Promise<T>, what = 'loading'): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isOurs = error instanceof EngineGoneError && (error.killed || !error.head);
    const isModels =
      error instanceof InvalidInferenceError ||
      error instanceof DeadlineExceededError ||
      error instanceof EngineGoneError;
    if (isOurs || !isModels) throw error;
    throw new QuarantineRefusal(`${what}: ${(error as Error).message.replace(`${name} ${version} `, 'the model ')}`);
  }
}

/** Output rows `row` of `size`. */
function rowsOf(outputs: OutputMap, row: number, size: number): OutputMap {
  const entries = Object.entries(outputs).map(([name, { type, dims, data }]) => {
    const count = data.length / size;
    return [name, { type, dims: [1, ...dims.slice(1)], data: data.slice(row * count, (row + 1) * count) }];
  });
  return Object.fromEntries(entries) as OutputMap;
}

/** The first value that differs by more than the tolerance (times its size, when that is above 1); null when none does. */
function differenceOf(one: OutputMap, other: OutputMap, tolerance: number): string | null {
  for (const [name, { data }] of Object.entries(one)) {
    const values = other[name]?.data;
    if (!values || values.length !== data.length) return `${name} has another size`;
    for (let i = 0; i < data.length; i++) {
      const [a, b] = [Number(data[i]), Number(values[i])];
      if (Math.abs(a - b) > tolerance * Math.max(1, Math.abs(a))) return `${name}[${i}] is ${a} and ${b}`;
    }
  }
  return null;
}
