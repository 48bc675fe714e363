import { ApiError } from '../api/client.js';
import type { MessageKey } from '../i18n/ko.js';
import type { ProviderValues } from './provider-values.js';

/** What is wrong with a field: one of our texts, or what the server said. */
export type FieldFault = { readonly key: MessageKey } | { readonly message: string };
export type ProviderFaults = Partial<Readonly<Record<keyof ProviderValues, FieldFault>>>;

const FIELDS: readonly (keyof ProviderValues)[] = [
  'issuer',
  'clientId',
  'clientSecret',
  'label',
  'allowedDomains',
  'trustedEmailDomains',
  'createMembers',
  'defaultRole',
];

/** Faults of single fields in a refusal; none for another failure. */
export function faultsIn(error: unknown): ProviderFaults {
  if (!(error instanceof ApiError)) return {};
  if (error.code === 'unsafe-url') return { issuer: { key: 'sso.issuer.unsafe' } };
  const faults = (error.problem?.errors ?? []).flatMap(({ pointer, code, message }) => {
    const field = FIELDS.find((name) => pointer === `/${name}` || pointer.startsWith(`/${name}/`));
    return field ? [[field, faultOf(field, code, message)] as const] : [];
  });
  return Object.fromEntries(faults.reverse()); // the first of a field counts
}

/** True when the provider itself was the reason: a test of the issuer tells more. */
export function isUnusableIssuer(error: unknown): boolean {
  const errors = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
  return errors.some(({ code }) => code === 'no_provider');
}

/** True when somebody else was faster. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 412;
}

function faultOf(field: keyof ProviderValues, code: string, message: string): FieldFault {
  if (field === 'issuer') return { key: code === 'no_provider' ? 'sso.issuer.unusable' : 'sso.issuer.invalid' };
  if (field === 'clientId') return { key: 'sso.clientId.invalid' };
  if (field === 'clientSecret' && code === 'required') return { key: 'sso.secret.required' };
  if (field === 'allowedDomains') return { key: code === 'required' ? 'sso.allowed.required' : 'sso.allowed.invalid' };
  if (field === 'trustedEmailDomains') return { key: 'sso.trusted.invalid' };
  return { message };
}
