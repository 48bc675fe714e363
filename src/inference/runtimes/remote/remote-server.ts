import { setTimeout as delay } from 'node:timers/promises';
import { digestOf } from '../../../common/canonical-json.js';
import type { RemoteServerConfig } from '../../../config/remote-runtimes.js';
import type { Device } from '../../device.js';
import type { ReportedTensor } from '../../engine/engine-operations.js';
import { RemoteTooSlowError, RemoteUnavailableError } from '../../inference.errors.js';
import type { ModelVersion, TensorSignature } from '../../model-version.js';
import { uuidOfDigest } from '../../models/model-digest.js';
import type { NamedTensor } from '../../open-inference/named-tensor.js';
import { OipDialect } from './oip-dialect.js';
import type { RemoteDialect, RemoteModelFacts, RemoteModelName } from './remote-dialect.js';
import { RemoteHttp } from './remote-http.js';
import { TfServingDialect } from './tf-serving-dialect.js';

const PROBE_LIMIT_MS = 2_000;
/** Pause between two looks at a server that is down. */
const PROBE_EVERY_MS = 1_000;
const FAILURES_TO_GO_DOWN = 3;

type ModelConfig = RemoteServerConfig['models'][number];

/** One configured server: what it serves, whether it is up, and the way to it. */
export class RemoteServer {
  readonly devices: readonly Device[];
  private readonly http: RemoteHttp;
  private readonly dialect: RemoteDialect;
  private readonly stopping = new AbortController();
  private versions: readonly ModelVersion[] = [];
  private failures = 0;
  private isUp = false;
  private isComingBack = false;
  private report: (isUp: boolean, why: string | null) => void = () => undefined;

  constructor(
    private readonly config: RemoteServerConfig,
    private readonly probeEveryMs = PROBE_EVERY_MS,
  ) {
    const { name, baseUrl, headers, maxInFlight, ca, dialect } = config;
    // Beside the batches, the health of a busy server is asked for.
    this.http = new RemoteHttp({ baseUrl, headers, ca, sockets: maxInFlight + 1 });
    const first = nameOf(config.models[0] as ModelConfig);
    this.dialect = dialect === 'oip' ? new OipDialect(this.http) : new TfServingDialect(this.http, first);
    this.devices = Array.from({ length: maxInFlight }, (_, i) => ({
      id: `remote:${name}${maxInFlight === 1 ? '' : `:${i}`}`,
      kind: 'remote',
      type: `${name} (${dialect})`,
    }));
  }

  get name(): string {
    return this.config.name;
  }

  /** Versions that the server described last; empty before it was reached. */
  models(): readonly ModelVersion[] {
    return this.versions;
  }

  /** Looks once and goes on looking while the server is down. Null when it is up, else why not. Never throws. */
  async open(): Promise<string | null> {
    const why = await this.look();
    this.isUp = why === null;
    if (why !== null) void this.comeBack();
    return why;
  }

  watch(report: (isUp: boolean, why: string | null) => void): void {
    this.report = report;
  }

  /** What the server tells of a version now. */
  factsOf(version: ModelVersion): Promise<RemoteModelFacts> {
    return this.counted(() => this.dialect.facts(remoteNameOf(version), PROBE_LIMIT_MS));
  }

  infer(version: ModelVersion, inputs: readonly NamedTensor[], limitMs: number): Promise<readonly NamedTensor[]> {
    return this.counted(() => this.dialect.infer(remoteNameOf(version), inputs, version.outputs, limitMs));
  }

  close(): void {
    this.stopping.abort();
    this.http.close();
  }

  /** Three failures in a row, of whatever kind of call, take the server out until it says that it is ready. */
  private async counted<T>(call: () => Promise<T>): Promise<T> {
    try {
      const value = await call();
      this.failures = 0;
      return value;
    } catch (error) {
      if (!(error instanceof RemoteUnavailableError)) {
        this.failures = 0;
        throw error;
      }
      this.failures += 1;
      if (this.failures >= FAILURES_TO_GO_DOWN && this.isUp) this.goDown(error.message);
      const Named = error instanceof RemoteTooSlowError ? RemoteTooSlowError : RemoteUnavailableError;
      throw new Named(`${this.name}: ${error.message}`, { cause: error });
    }
  }

  private goDown(why: string): void {
    this.isUp = false;
    this.report(false, why);
    void this.comeBack();
  }

  /** Looks until the server is up, whoever notices it first. */
  private async comeBack(): Promise<void> {
    if (this.isComingBack) return;
    this.isComingBack = true;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await delay(this.probeEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted || (await this.look()) !== null) continue;
      this.isUp = true;
      this.failures = 0;
      this.report(true, null);
      break;
    }
    this.isComingBack = false;
  }

  /** Asks for the health and for what is served. Null when both came, else what failed. */
  private async look(): Promise<string | null> {
    try {
      await this.dialect.checkReady(PROBE_LIMIT_MS);
      this.versions = await Promise.all(this.config.models.map((model) => this.describe(model)));
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  private async describe(model: ModelConfig): Promise<ModelVersion> {
    const { version, inputs, outputs } = await this.dialect.facts(nameOf(model), PROBE_LIMIT_MS);
    const { model: remoteModel, version: wanted } = nameOf(model);
    const digest = digestOf({ server: this.name, model: remoteModel, version, inputs, outputs });
    return Object.freeze({
      id: uuidOfDigest(digest),
      name: model.name,
      version: version ?? '1',
      digest,
      tenantId: null,
      runtime: 'remote',
      file: [this.name, remoteModel, ...(wanted === null ? [] : [wanted])].map(encodeURIComponent).join('/'),
      sizeBytes: 0,
      inputs: inputs.map(signatureOf),
      outputs: outputs.map(signatureOf),
      maxBatchSize: model.maxBatchSize,
      buckets: model.buckets,
    });
  }
}

/** Name of the server that serves a version. */
export function serverNameOf(version: ModelVersion): string {
  return decodeURIComponent(version.file.split('/')[0] ?? '');
}

function remoteNameOf(version: ModelVersion): RemoteModelName {
  const [, model = '', wanted] = version.file.split('/').map(decodeURIComponent);
  return { model, version: wanted ?? null };
}

function nameOf({ name, model, version }: ModelConfig): RemoteModelName {
  return { model: model ?? name, version: version ?? null };
}

/** Axes that a server leaves open are named by their place; the first one is the batch. */
function signatureOf({ name, type, shape }: ReportedTensor): TensorSignature {
  return {
    name,
    type: type as TensorSignature['type'],
    shape: shape.map((dim, axis) => (typeof dim === 'number' ? dim : axis === 0 ? 'n' : `d${axis}`)),
  };
}
