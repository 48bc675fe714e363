import { holds, type PrincipalName } from './contract.js';
import type { Operation } from './operations.js';
import type { Sample } from './samples.js';

/**
 * `own`: what belongs to the caller's tenant. `foreign`: the same thing of another tenant. `missing`: an id that nobody has.
 * `suspended`: the caller's tenant is suspended. `foreign host`: the caller's own thing, asked for at another tenant's host.
 */
export const SITUATIONS = ['own', 'foreign', 'missing', 'suspended', 'foreign host'] as const;
export type Situation = (typeof SITUATIONS)[number];

/** What must come back. */
export interface Expectation {
  readonly statuses: readonly number[];
  /** Code of the problem; null: any. */
  readonly code: string | null;
}

const refusal = (status: number, code: string): Expectation => ({ statuses: [status], code });

/** Paths on which somebody without a tenant has something to do. */
const OF_PERSONS = /^\/(v1\/(me|auth)(\/|$)|metrics$)/;
const isOfPlatform = ({ scope }: Operation) => scope.startsWith('platform:');

/**
 * What an operation must answer, derived from the permission that it declares. Null: the situation does not exist for
 * this principal or operation.
 */
export function expected(
  operation: Operation,
  sample: Sample,
  principal: PrincipalName,
  situation: Situation,
): Expectation | null {
  const belongsToNobody = principal === 'operator' || principal === 'anonymous';
  if (situation === 'suspended' && belongsToNobody) return null;
  const namesSomething = Object.keys(sample.ids).length > 0;
  if ((situation === 'foreign' || situation === 'missing') && !namesSomething) return null;
  if (situation === 'foreign' && isOfPlatform(operation) && principal === 'operator') return null;
  if (operation.scope === 'public') return ofPublic(operation, sample, situation);
  if (principal === 'anonymous') return refusal(401, 'unauthenticated');
  if (situation === 'suspended') return refusal(403, 'tenant-suspended');
  if (situation === 'foreign host') return refusal(401, 'unauthenticated');
  if (!mayCall(operation, sample, principal)) return refusal(403, 'insufficient-scope');
  return situation === 'own' ? success(operation, sample) : ofUnknown(sample);
}

function mayCall(operation: Operation, sample: Sample, principal: PrincipalName): boolean {
  if (!holds(principal, operation.scope)) return false;
  if (principal === 'operator') return isOfPlatform(operation) || OF_PERSONS.test(operation.path);
  if (sample.isForOwners && principal === 'admin') return false;
  if (principal === 'impersonator') return operation.method === 'GET' && !sample.isForPeople;
  return !(sample.isForPeople && ['machine', 'key', 'narrow key'].includes(principal));
}

/** A credential changes nothing about a public operation, whoever it belongs to. */
function ofPublic(operation: Operation, sample: Sample, situation: Situation): Expectation | null {
  if (situation === 'foreign' && sample.isPublished) return success(operation, sample);
  if (situation === 'foreign' || situation === 'missing') return ofUnknown(sample);
  if (situation === 'suspended') return sample.suspended ?? success(operation, sample);
  return situation === 'own' ? success(operation, sample) : null;
}

function success(operation: Operation, { answers }: Sample): Expectation {
  return { statuses: answers ?? operation.successes, code: null };
}

function ofUnknown({ unknown }: Sample): Expectation {
  return unknown ?? refusal(404, 'not-found');
}
