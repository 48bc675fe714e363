import { ID_PREFIX } from '../../../src/common/ids.js';
import { scaling, tensorManifest } from '../model-uploads.js';
import { drawnPng } from '../pictures.js';
import { PASSWORD } from './company.js';
import type { Expectation, Situation } from './expectation.js';
import { multipart } from './multipart.js';
import type { Operation } from './operations.js';
import type { KindName } from './kinds.js';

/** What a request is made of. */
export interface Scene {
  readonly situation: Situation;
  /** Names as the situation wants them. */
  readonly ids: Readonly<Record<string, string>>;
  /** The caller's own names. */
  readonly own: Readonly<Record<string, string>>;
  /** A word that was never used. */
  word(): string;
}

/** The part of a request that its path does not tell. */
export interface RequestPart {
  readonly url?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly payload?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How to call an operation, where the document does not tell. */
export interface Sample {
  /** What the request names, in its path, query or body: the caller's own, another tenant's, or what does not exist. */
  readonly ids: Readonly<Record<string, KindName>>;
  /** Names in the path that stay the caller's own. */
  readonly own?: Readonly<Record<string, KindName>>;
  readonly fixed?: Readonly<Record<string, string>>;
  readonly request?: (scene: Scene) => RequestPart;
  /** Statuses of a caller who may; without them the documented successes. */
  readonly answers?: readonly number[];
  /** The answer for what is not the caller's; 404 without it. */
  readonly unknown?: Expectation;
  /** The answer of a public operation for a suspended tenant; as for others without it. */
  readonly suspended?: Expectation;
  /** What it names is published: everybody may ask for everybody's. */
  readonly isPublished?: true;
  /** Not for machines, which have no account. */
  readonly isForPeople?: true;
  /** Of those with the scope, for owners alone. */
  readonly isForOwners?: true;
  /** Ends or changes the credential of the caller. */
  readonly changesCaller?: true;
}

type Given = Omit<Sample, 'ids'> & { readonly ids?: Sample['ids'] };

const invalid: Expectation = { statuses: [422], code: 'validation-failed' };
const none: Expectation = { statuses: [200], code: null };
const unauthenticated: Expectation = { statuses: [401], code: 'unauthenticated' };
/** The request is right and the thing is the caller's, but its state does not allow it: the answer tells that state. */
const BY_STATE = [409];
/** The tenant has none of what it may have one of. */
const NOT_SET_UP = [404];

const json = (make: (scene: Scene) => object) => (scene: Scene) => ({ payload: make(scene) });
const email = ({ word }: Scene) => `${word()}@passing.example`;
const modelForm = ({ word }: Scene) =>
  multipart({ manifest: JSON.stringify(tensorManifest(word())) }, [
    { field: 'files', name: 'model.onnx', content: scaling(3) },
  ]);

const AUTHENTICATION: Readonly<Record<string, Given>> = {
  login: {
    ids: { tenant: 'brandSlug' },
    request: (scene) => ({ payload: { tenant: scene.ids['tenant'], email: email(scene), password: 'wrong' } }),
    answers: [401],
    unknown: unauthenticated,
  },
  answerSecondFactor: { answers: [401] },
  refreshTokens: { answers: [401] },
  inspectInvitation: { answers: [401] },
  acceptInvitation: { answers: [401] },
  getSignInMethods: {
    ids: { tenant: 'brandSlug' },
    request: ({ ids }) => ({ query: { tenant: ids['tenant']! } }),
    isPublished: true,
    unknown: none,
  },
  resetPassword: { answers: [401] },
  forgotPassword: {
    ids: { tenant: 'brandSlug' },
    request: (scene) => ({ payload: { tenant: scene.ids['tenant'], email: email(scene) } }),
    unknown: { statuses: [202], code: null },
  },
  createMachineToken: {
    ids: { client_id: 'apiKey' },
    request: ({ ids }) => ({
      payload: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: ids['client_id']!,
        client_secret: 'maru_live_unknown',
      }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
    answers: [401],
    unknown: { statuses: [401], code: null },
  },
  logout: { changesCaller: true },
  updateMe: { isForPeople: true, request: json(({ word }) => ({ name: word() })) },
  getSecondFactor: { isForPeople: true },
  startSecondFactor: { isForPeople: true, changesCaller: true, request: json(() => ({ currentPassword: PASSWORD })) },
  confirmSecondFactor: { isForPeople: true, answers: BY_STATE },
  disableSecondFactor: {
    isForPeople: true,
    answers: BY_STATE,
    request: json(() => ({ currentPassword: PASSWORD, code: '000000' })),
  },
  listMySessions: { isForPeople: true },
  endOtherSessions: { isForPeople: true, changesCaller: true },
  endMySession: { isForPeople: true },
};

const PEOPLE_AND_KEYS: Readonly<Record<string, Given>> = {
  inviteMember: { request: json((scene) => ({ email: email(scene), name: 'Passing', role: 'viewer' })) },
  changeMember: { request: json(({ word }) => ({ name: word() })) },
  renewInvitation: { ids: { id: 'invitedMember' } },
  removeMemberSecondFactor: { ids: { id: 'memberWithFactor' } },
  getOidcProvider: { isForOwners: true, answers: NOT_SET_UP },
  setOidcProvider: {
    isForOwners: true,
    request: json(() => ({ issuer: 'https://127.0.0.1', clientId: 'maru', clientSecret: 'secret' })),
    answers: [422], // an address inside
  },
  testOidcProvider: { isForOwners: true, request: json(() => ({ issuer: 'https://127.0.0.1' })), answers: [422] },
  removeOidcProvider: { isForOwners: true, answers: NOT_SET_UP },
  createApiKey: { request: json(({ word }) => ({ name: word(), scopes: ['jobs:read'] })) },
  rotateApiKey: { request: json(() => ({ overlapMs: 0 })) },
};

const FILES_AND_JOBS: Readonly<Record<string, Given>> = {
  uploadFile: {
    request: ({ word }) => multipart({}, [{ field: 'file', name: `${word()}.png`, content: drawnPng(4, 4, () => 1) }]),
  },
  createUpload: { request: json(({ word }) => ({ purpose: 'model', name: word(), bytes: 4 })) },
  putUploadPart: {
    ids: { id: 'signedUpload' },
    request: ({ situation, ids, own }) => {
      const [id = '', query] = ids['id']!.split('?');
      const signed = situation === 'foreign' || situation === 'missing' ? own['id']!.split('?')[1] : query;
      const headers = { 'content-type': 'application/octet-stream' };
      return { url: `/v1/uploads/${id}?${signed}`, payload: Buffer.from('onnx'), headers };
    },
    suspended: { statuses: [403], code: 'tenant-suspended' },
  },
  getUpload: { ids: { id: 'upload' } },
  completeUpload: { ids: { id: 'receivedUpload' } },
  createJob: {
    ids: { image: 'file' },
    request: json(({ ids }) => ({ analyzer: 'digit-reader', input: { image: { fileId: ids['image'] } } })),
    answers: [202],
    unknown: invalid,
  },
  streamJob: { ids: { id: 'succeededJob' } },
  getJobResult: { ids: { id: 'succeededJob' } },
  cancelJob: { answers: [200, 202] },
  retryJob: { ids: { id: 'failedJob' }, answers: [202] },
  rerunJob: { answers: BY_STATE },
  eraseJobData: { ids: { id: 'succeededJob' } },
  listEvents: {
    ids: { jobId: 'queuedJob' },
    request: ({ ids }) => ({ query: { jobId: ids['jobId']! } }),
    unknown: none,
  },
  streamEvents: {
    ids: { jobId: 'queuedJob' },
    request: ({ ids }) => ({ query: { jobId: ids['jobId']! } }),
    unknown: none,
  },
};

const inference = { ids: { model: 'analyzer' } } as const;
const versioned = { ...inference, own: { version: 'modelVersion' } } as const;
/** Nobody works here, so a request that is right would wait. */
const EMPTY_INFERENCE = { request: json(() => ({ inputs: [] })), answers: [400, 422] } as const;

const MODELS: Readonly<Record<string, Given>> = {
  getInferenceModel: inference,
  getInferenceModelReadiness: { ...inference, answers: [200, 400] },
  getInferenceModelVersion: versioned,
  getInferenceModelVersionReadiness: { ...versioned, answers: [200, 400] },
  inferModel: { ...inference, ...EMPTY_INFERENCE },
  inferModelVersion: { ...versioned, ...EMPTY_INFERENCE },
  uploadModel: {
    ids: { fileId: 'modelFile' },
    request: json(({ ids, word }) => ({ manifest: tensorManifest(word()), fileId: ids['fileId'] })),
    unknown: { statuses: [404, 422], code: null },
  },
  listModelAliases: { ids: { slug: 'analyzer' } },
  getAnalyzer: { ids: { slug: 'analyzer' } },
  pointModelAlias: {
    ids: { modelId: 'analyzerModel' },
    own: { slug: 'analyzer' },
    fixed: { alias: 'stable' },
    request: json(({ ids }) => ({ modelId: ids['modelId'] })),
    unknown: invalid,
  },
  rollBackModelAlias: { ids: { slug: 'analyzer' }, fixed: { alias: 'stable' } },
  endCanary: { ids: { slug: 'analyzer' } },
  uploadSharedModel: { request: modelForm },
  changeModel: { request: json(() => ({ maxBatch: 4 })) },
};

const PLATFORM: Readonly<Record<string, Given>> = {
  getProblemType: { ids: { slug: 'problemType' }, isPublished: true },
  getBranding: {
    ids: { slug: 'brandSlug' },
    request: ({ ids }) => ({ query: { slug: ids['slug']! } }),
    isPublished: true,
    suspended: { statuses: [404], code: 'not-found' },
  },
  rotateSigningKeys: { answers: BY_STATE },
  createTenant: {
    ids: { from: 'tenant' },
    request: ({ ids, word }) => ({ query: { from: ids['from']! }, payload: { slug: word(), name: 'Passing' } }),
    unknown: { statuses: [404, 422], code: null },
  },
  changeTenant: { request: json(() => ({ weight: 3 })) },
  deleteTenant: { request: json(() => ({ reason: 'over' })) },
  inviteTenantOwner: { request: json((scene) => ({ email: email(scene) })), answers: [201, 409] },
  setPlan: { fixed: { name: 'business' }, request: json(() => ({ limits: { key: 6_000 } })) },
  addPlanPrice: {
    fixed: { name: 'starter' },
    request: json(() => ({ unitPrice: '0', currency: 'KRW' })),
  },
  setTenantQuotas: { request: json(() => ({ quotas: [] })) },
  listSchedulerDecisions: {
    ids: { jobId: 'queuedJob' },
    request: ({ ids }) => ({ query: { jobId: ids['jobId']! } }),
    answers: [404], // no scheduler has seen it
  },
  listAuditEventsAsOperator: {
    ids: { tenant: 'tenant' },
    request: ({ ids }) => ({ query: { tenant: ids['tenant']! } }),
    unknown: { statuses: [200, 404], code: null },
  },
  startImpersonation: {
    ids: { tenantId: 'tenant' },
    request: json(({ ids }) => ({ tenantId: ids['tenantId'], reason: 'to look' })),
  },
  createOperator: {
    request: json((scene) => ({ email: email(scene), name: 'Passing', password: 'nine rivers under the hill' })),
  },
  changeOperator: { request: json(({ word }) => ({ name: word() })) },
  removeOperatorSecondFactor: { ids: { id: 'operatorWithFactor' } },
};

const SAMPLES = { ...AUTHENTICATION, ...PEOPLE_AND_KEYS, ...FILES_AND_JOBS, ...MODELS, ...PLATFORM };

/** What an id in the document's example is an id of. */
const KIND_OF_PREFIX: Readonly<Record<string, KindName>> = {
  [ID_PREFIX.tenant]: 'tenant',
  [ID_PREFIX.member]: 'member',
  [ID_PREFIX.operator]: 'operator',
  [ID_PREFIX.session]: 'session',
  [ID_PREFIX.impersonation]: 'impersonation',
  [ID_PREFIX.apiKey]: 'apiKey',
  [ID_PREFIX.job]: 'queuedJob',
  [ID_PREFIX.file]: 'file',
  [ID_PREFIX.model]: 'model',
};

/** How to call an operation; the fault when nobody said how and the document does not tell either. */
export function sampleOf(operation: Operation): Sample | string {
  const given: Given = SAMPLES[operation.id as keyof typeof SAMPLES] ?? {};
  const ids: Record<string, KindName> = { ...given.ids };
  const said = { ...ids, ...given.own, ...given.fixed };
  for (const [name, example] of Object.entries(operation.names)) {
    if (name in said) continue;
    const kind = KIND_OF_PREFIX[example?.split('_')[0] ?? ''];
    if (!kind) return `${operation.id}: samples.ts does not say what {${name}} in ${operation.path} names`;
    ids[name] = kind;
  }
  return { ...given, ids };
}

/** Samples that no operation has any more. */
export function deadSamples(operations: readonly Operation[]): string[] {
  const known = new Set(operations.map(({ id }) => id));
  return Object.keys(SAMPLES).filter((id) => !known.has(id));
}
