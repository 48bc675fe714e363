import type { AnalyzerManifest } from '../analyzers/manifest/analyzer-manifest.js';
import type { BatchProfile } from '../inference/inference-runtime.js';
import type { TensorSignature } from '../inference/model-version.js';

/** Owner of the models that operators share with tenants, in a column that must not be null. */
export const PLATFORM_OWNER = '00000000-0000-0000-0000-000000000000';

/** `admitting` until the checks have ended; `retired` by its owner. */
export type ModelStatus = 'admitting' | 'ready' | 'rejected' | 'retired';

/** One step of an admission, written when it ends. */
export interface AdmissionCheck {
  readonly name: string;
  readonly passed: boolean;
  /** What was found; for a check that failed, what to change. */
  readonly message: string;
  readonly ms: number;
}

/** A file of a model. */
export interface ModelFile {
  readonly runtime: 'onnx' | 'tensorflow';
  readonly name: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Inputs and outputs as found in the file. */
export interface ModelSignature {
  readonly inputs: readonly TensorSignature[];
  readonly outputs: readonly TensorSignature[];
  readonly maxBatchSize: number;
}

/** Measured costs on one class of devices. */
export interface DeviceProfile {
  readonly profiles: readonly BatchProfile[];
  /** Most memory of the engine process; null where the system does not tell. */
  readonly memoryBytes: number | null;
}

/** A row of `maru.model_versions`. */
export interface StoredModel {
  /** uuid; PLATFORM_OWNER for one of the operators. */
  readonly tenantId: string;
  /** uuid. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly runtime: 'onnx' | 'tensorflow';
  readonly status: ModelStatus;
  readonly manifest: AnalyzerManifest;
  readonly files: readonly ModelFile[];
  readonly bytes: number;
  readonly maxBatch: number;
  readonly signature: ModelSignature | null;
  readonly profile: Readonly<Record<string, DeviceProfile>>;
  readonly checks: readonly AdmissionCheck[];
  readonly checkedAt: Date | null;
  readonly createdAt: Date;
}

/** Columns of a StoredModel, for every statement that reads one; `m` is the table. */
export const MODEL_COLUMNS = `m.tenant_id as "tenantId", m.id, m.name, m.version, m.digest, m.runtime, m.status, m.manifest,
  m.files, m.bytes::float8 as bytes, m.max_batch as "maxBatch", m.signature, m.profile, m.checks, m.checked_at as "checkedAt",
  m.created_at as "createdAt"`;

/** NOTIFY channel: models or the pointers to them have changed. A hint without a payload; losing one costs a poll. */
export const MODELS_CHANNEL = 'maru_models';
