import fs from 'node:fs';
import path from 'node:path';
import { Logger } from '@nestjs/common';
import type { TensorArena } from '../arena/tensor-arena.js';
import type { Device } from '../device.js';
import {
  DeadlineExceededError,
  EngineGoneError,
  InvalidInferenceError,
  ModelSuspendedError,
} from '../inference.errors.js';
import type { ModelVersion } from '../model-version.js';
import type { EngineOperations, Placement } from './engine-operations.js';
import { type EngineProgram, ONNX_ENGINE } from './engine-program.js';
import { IsolatedProcess } from './isolated-process.js';
import { ProcessEndedError, RequestRefusedError } from './isolated-process.errors.js';
import { ProcessSlot } from './process-slot.js';
import type { StrikeLog } from './strike-log.js';

type Engine = IsolatedProcess<EngineOperations>;
type LoadAnswer = EngineOperations['load']['answer'];
type RunRequest = EngineOperations['run']['request'];
type RunAnswer = EngineOperations['run']['answer'];

const LOAD_LIMIT_MS = 20_000;
const UNLOAD_LIMIT_MS = 5_000;
/** How often a request that only waited behind a fatal one is sent again before it is given up. */
const MAX_SENDS = 5;

export interface EngineSlotOptions {
  /** Default: ONNX Runtime. */
  readonly program?: EngineProgram;
  readonly device: Device;
  readonly placement: Placement;
  readonly arena: TensorArena;
  /** Variables that GPU drivers need. */
  readonly driverEnvironment: Readonly<Record<string, string>>;
  readonly strikes: StrikeLog;
}

/** The engine of one device: the process, replaced whenever it ends, and the models that must be resident in it. */
export class EngineSlot {
  private readonly logger = new Logger(EngineSlot.name);
  private readonly wanted = new Map<string, ModelVersion>();
  /** By engine process, then by model version id. */
  private resident = new WeakMap<Engine, Map<string, Promise<LoadAnswer>>>();
  private readonly slot: ProcessSlot<EngineOperations>;
  private readonly program: EngineProgram;
  private readonly title: string;

  constructor(private readonly options: EngineSlotOptions) {
    this.program = options.program ?? ONNX_ENGINE;
    this.title = `maru engine ${options.device.id}${this.program === ONNX_ENGINE ? '' : ` ${this.program.name}`}`;
    this.slot = new ProcessSlot(this.title, () => this.begin());
  }

  /** Process id of the engine; null while it is being replaced. */
  get pid(): number | null {
    return this.slot.pid;
  }

  get restarts(): number {
    return this.slot.restarts;
  }

  /** Makes the model resident, now and in every later engine of this device. */
  async load(model: ModelVersion): Promise<LoadAnswer> {
    const answer = await this.attempt(model, (engine) => this.makeResident(engine, model));
    this.wanted.set(model.id, model);
    return answer;
  }

  async unload(model: ModelVersion): Promise<void> {
    this.wanted.delete(model.id);
    const engine = await this.slot.ready();
    if (!this.resident.get(engine)?.delete(model.id)) return;
    await engine.ask('unload', { key: model.id }, UNLOAD_LIMIT_MS).catch((error: unknown) => {
      // An engine that is gone holds no model either.
      if (!(error instanceof ProcessEndedError)) throw error;
    });
  }

  /** One run; `limitMs` counts from the moment it is at the head of the engine. Sent again only if it merely waited. */
  run(model: ModelVersion, request: RunRequest, limitMs: number): Promise<RunAnswer> {
    return this.attempt(model, async (engine) => {
      await this.makeResident(engine, model);
      try {
        const answer = await engine.ask('run', request, limitMs);
        this.options.strikes.served(model.id);
        return answer;
      } catch (error) {
        if (error instanceof ProcessEndedError && error.head && error.reason !== 'killed') {
          this.options.strikes.add(model.id);
        }
        throw error;
      }
    });
  }

  stop(): Promise<void> {
    return this.slot.stop();
  }

  private async attempt<R>(model: ModelVersion, work: (engine: Engine) => Promise<R>): Promise<R> {
    for (let sends = 1; ; sends++) {
      this.refuseSuspended(model);
      const engine = await this.slot.ready().catch((error: Error) => {
        throw new EngineGoneError(error.message, false);
      });
      try {
        return await work(engine);
      } catch (error) {
        if (error instanceof RequestRefusedError) throw new InvalidInferenceError(`${model.name}: ${error.message}`);
        if (!(error instanceof ProcessEndedError)) throw error;
        if (error.reason === 'deadline' && error.head) throw new DeadlineExceededError(error.message);
        if (error.head || error.reason === 'stopped' || sends === MAX_SENDS) {
          throw new EngineGoneError(error.message, error.head, error.reason === 'killed');
        }
      }
    }
  }

  private refuseSuspended(model: ModelVersion): void {
    if (!this.options.strikes.isSuspended(model.id)) return;
    throw new ModelSuspendedError(
      `${model.name} ${model.version} ended its engine three times within ten minutes and is suspended; it may be tried again later.`,
    );
  }

  private makeResident(engine: Engine, model: ModelVersion): Promise<LoadAnswer> {
    const loads = this.resident.get(engine) ?? new Map<string, Promise<LoadAnswer>>();
    this.resident.set(engine, loads);
    let load = loads.get(model.id);
    if (!load) {
      load = this.loadInto(engine, model);
      loads.set(model.id, load);
      load.catch(() => loads.delete(model.id));
    }
    return load;
  }

  private async loadInto(engine: Engine, model: ModelVersion): Promise<LoadAnswer> {
    const { id: key, file, inputs, outputs } = model;
    const request = { key, file, placement: this.options.placement, signature: { inputs, outputs } };
    try {
      return await engine.ask('load', request, LOAD_LIMIT_MS);
    } catch (error) {
      if (error instanceof ProcessEndedError && error.head) this.options.strikes.add(model.id);
      throw error;
    }
  }

  private async begin(): Promise<Engine> {
    const { device, arena, driverEnvironment, strikes } = this.options;
    const engine = await IsolatedProcess.start<EngineOperations>({
      title: this.title,
      entry: this.program.entry,
      workingDirectory: fs.mkdtempSync(path.join(arena.directory, 'engine-')),
      environment: { ...(device.kind === 'cpu' ? {} : driverEnvironment), MARU_ARENA: arena.file },
      addressSpaceBytes: device.kind === 'cpu' ? this.program.cpuAddressSpaceBytes : null,
      isBackground: device.kind === 'cpu',
    });
    for (const model of this.wanted.values()) {
      if (strikes.isSuspended(model.id)) continue;
      await this.makeResident(engine, model).catch((error: Error) => {
        if (error instanceof ProcessEndedError) throw error;
        this.logger.error(`${device.id} cannot load ${model.name} ${model.version} again: ${error.message}`);
      });
    }
    return engine;
  }
}
