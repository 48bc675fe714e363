import { type IdKind, newUuid, publicId, uuidOf } from '../../../src/common/ids.js';
import { SUCCESS } from '../job-worker.js';
import { scaling } from '../model-uploads.js';
import { drawnPng } from '../pictures.js';
import type { Caller, Company } from './company.js';
import type { Stock } from './stock.js';

/** Whose thing it is to be: some things belong to one member. */
export interface Holder {
  readonly company: Company;
  readonly caller: Caller;
}

/** A kind of thing that a request can name. */
interface Kind {
  /** A name that nobody has. */
  readonly missing: string | IdKind;
  /** Is it one caller's own? Else it is the tenant's. */
  readonly isPersonal?: true;
  /** Makes one and tells its name. */
  readonly make: (stock: Stock, holder: Holder) => Promise<string>;
}

const KIND_NAMES = [
  'problemType',
  'tenant',
  'brandSlug',
  'operator',
  'operatorWithFactor',
  'impersonation',
  'member',
  'invitedMember',
  'memberWithFactor',
  'apiKey',
  'session',
  'file',
  'modelFile',
  'upload',
  'signedUpload',
  'receivedUpload',
  'queuedJob',
  'succeededJob',
  'failedJob',
  'model',
  'analyzer',
  'analyzerModel',
  'modelVersion',
] as const;
export type KindName = (typeof KIND_NAMES)[number];

const FAILED = {
  ...SUCCESS,
  status: 'failed',
  result: null,
  error: { code: 'model_error', message: 'no', stage: 'infer', retryable: false, attempt: 1 },
} as const;

/** Everything that a path, a query or a body can name. A new one goes in here, with the way to make it. */
export const KINDS: Readonly<Record<KindName, Kind>> = {
  problemType: { missing: 'no-such-problem', make: async () => 'not-found' },
  tenant: { missing: 'tenant', make: (stock) => stock.newTenant() },
  brandSlug: { missing: 'no-such-tenant', make: async (_, { company }) => company.slug },
  operator: { missing: 'operator', make: (stock) => stock.newOperator() },
  operatorWithFactor: {
    missing: 'operator',
    make: async (stock) => {
      const id = await stock.newOperator();
      return stock.withFactor('00000000-0000-0000-0000-000000000000', uuidOf('operator', id)!, id);
    },
  },
  impersonation: { missing: 'impersonation', make: (stock, { company }) => stock.newImpersonation(company) },
  member: { missing: 'member', make: (stock, { company }) => stock.newMember(company, 'active') },
  invitedMember: { missing: 'member', make: (stock, { company }) => stock.newMember(company, 'invited') },
  memberWithFactor: {
    missing: 'member',
    make: async (stock, { company }) => {
      const id = await stock.newMember(company, 'active');
      return stock.withFactor(company.tenantId, uuidOf('member', id)!, id);
    },
  },
  apiKey: { missing: 'apiKey', make: (stock, { company }) => stock.newKey(company) },
  session: { missing: 'session', isPersonal: true, make: (stock, holder) => stock.newSession(holder) },
  file: { missing: 'file', make: (stock, { company }) => stock.newFile(company, 'job_input', pictureOf(company)) },
  modelFile: { missing: 'file', make: (stock, { company }) => stock.newFile(company, 'model', scaling(2)) },
  upload: { missing: 'file', make: async (stock, { company }) => (await stock.newUpload(company)).id },
  signedUpload: {
    missing: 'file',
    make: async (stock, { company }) => (await stock.newUpload(company)).uploadUrl.replace('/v1/uploads/', ''),
  },
  receivedUpload: { missing: 'file', make: (stock, { company }) => stock.receivedUpload(company) },
  queuedJob: { missing: 'job', make: (stock, { company }) => stock.newJob(company, 'bulk') },
  succeededJob: { missing: 'job', make: (stock, { company }) => stock.endedJob(company, SUCCESS) },
  failedJob: { missing: 'job', make: (stock, { company }) => stock.endedJob(company, FAILED) },
  model: { missing: 'model', make: (stock, { company }) => stock.readyModel(company, `loose-${company.slug}`) },
  analyzer: { missing: 'no-such-analyzer', make: (stock, { company }) => stock.newAnalyzer(company) },
  analyzerModel: {
    missing: 'model',
    make: async (stock, holder) => stock.readyModel(holder.company, await stock.shared('analyzer', holder)),
  },
  modelVersion: { missing: '99', make: async () => '2' },
};

/** A picture that ends in the name of its company: a byte of it in an answer to somebody else is seen. */
function pictureOf({ slug }: Company): Buffer {
  return Buffer.concat([drawnPng(8, 8, () => 9), Buffer.from(slug)]);
}

const ID_KINDS = new Set<string>([
  'tenant',
  'operator',
  'impersonation',
  'member',
  'apiKey',
  'session',
  'file',
  'job',
  'model',
]);

/** A name of this kind that nobody has. */
export function missingName(kind: KindName): string {
  const { missing } = KINDS[kind];
  return ID_KINDS.has(missing) ? publicId(missing as IdKind, newUuid()) : missing;
}
