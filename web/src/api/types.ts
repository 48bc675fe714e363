import type { TenantBrand } from '../../../src/portal/brand/tenant-brand.js';
import type { components } from './schema.js';

type Schemas = components['schemas'];

export type Problem = Schemas['Problem'];
export type Me = Schemas['Me'];
export type Analyzer = Schemas['Analyzer'];
export type Job = Schemas['Job'];
export type JobStatus = Job['status'];
export type Transition = Schemas['Transition'];
export type Execution = NonNullable<Transition['execution']>;
export type StageName = NonNullable<Transition['stage']>;
export type Result = Schemas['Result'];
export type OidcProvider = Schemas['OidcProvider'];
export type OidcProviderTest = Schemas['OidcProviderTest'];
export type Tenant = Schemas['OperatorTenant'];
export type Scheduler = Schemas['Scheduler'];
/** The public brand; the server validated the document when it was published. */
export type Branding = Omit<Schemas['Branding'], 'doc'> & { doc: TenantBrand };

/** Stages of every job, in order. */
export const STAGES: readonly StageName[] = ['prepare', 'batch', 'infer', 'interpret'];

const TERMINAL: readonly JobStatus[] = ['succeeded', 'failed', 'canceled', 'expired'];

/** True for a status that a job never leaves. */
export function isTerminal(status: JobStatus): boolean {
  return TERMINAL.includes(status);
}
