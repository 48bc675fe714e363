import { newUuid } from '../../dist/src/common/ids.js';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const padded = (value, bytes) => ({
  ...value,
  note: 'x'.repeat(bytes - JSON.stringify({ ...value, note: '' }).length),
});

/** 290 bytes, everything in it: a signal, not an uploaded file. */
const INPUT = padded({ signal: { sampleRateHz: 100, values: [0.12, 0.4, 0.38, 0.11] }, threshold: 0.5 }, 290);
/** 290 bytes that name an uploaded file: the platform notes which jobs need it, one row more. */
export const FILE_INPUT = padded({ image: { fileId: 'file_01m8323f50ecdtnmz19wr9rz7h' }, threshold: 0.5 }, 290);
/** 302 bytes with its digest. */
export const RESULT = padded(
  { kind: 'boxes', data: { boxes: [[0.1, 0.2, 0.3, 0.4]], scores: [0.98] }, digest: DIGEST },
  302,
);
/** 172 bytes: the receipt of one execution. */
const EXECUTION = padded(
  { inferenceBatchId: 'ib_01m8323e5rfbnv28231hc5mh2z', batchSize: 32, slot: 7, batchWaitMs: 11, device: 'cuda:0' },
  172,
);
const MODEL = { id: 'mdl_01m8323e5rf42rbk4qyzd4e5r5', name: 'surface-net', version: '1.0.0', digest: DIGEST };

/** A job of this tenant as the submit path would hand it to the writer, with an idempotency key; `tenant.input` replaces its input. */
export function sampleJob(tenant) {
  const id = newUuid();
  return {
    tenantId: tenant.tenantId,
    id,
    analyzerId: tenant.analyzerId,
    analyzerSlug: 'surface-inspection',
    analyzerVersion: '1.0.0',
    priority: 1,
    maxAttempts: 3,
    test: false,
    deadline: null,
    createdBy: 'key_01m8323e5rfbnv28231hc5mh2z',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    inputDigest: DIGEST,
    metadata: {},
    input: tenant.input ?? INPUT,
    origin: null,
    idempotency: { key: `bench-${id}`, fingerprint: DIGEST },
  };
}

let lastMs = 0;
let lastIso = '';

/** The instant in ISO 8601, made once a millisecond: the engine that does nothing should cost nothing. */
export function isoNow() {
  const ms = Date.now();
  if (ms !== lastMs) [lastMs, lastIso] = [ms, new Date(ms).toISOString()];
  return lastIso;
}

/** The end of a stage; `infer` carries the receipt. */
export function stageItem(stage) {
  const at = isoNow();
  const item = { type: 'stage.completed', at, stage, enteredAt: at, durationMs: 0 };
  return stage === 'infer' ? { ...item, execution: EXECUTION } : item;
}

/** A successful end with a result. */
export const SUCCESS = {
  kind: 'end',
  end: {
    status: 'succeeded',
    cancelReason: null,
    units: 1,
    deviceUs: 1500,
    model: MODEL,
    error: null,
    result: RESULT,
  },
};

export const INPUT_TEXT = JSON.stringify(INPUT);
