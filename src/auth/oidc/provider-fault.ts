import { OutboundRequestError } from '../../outbound/outbound.errors.js';

/**
 * Why an address is of no provider that can be used: `unresolved` nobody knows its host, `unreachable` nothing answers or
 * the answer breaks off, `tls` its certificate is not good, `timeout` it takes too long, `no_metadata` it answers, but with
 * no metadata of OpenID Connect, `other_issuer` it calls itself otherwise, `shared` many organizations share it,
 * `incomplete` its metadata lacks an address.
 */
export const PROVIDER_FAULTS = [
  'unresolved',
  'unreachable',
  'tls',
  'timeout',
  'no_metadata',
  'other_issuer',
  'shared',
  'incomplete',
] as const;
export type ProviderFault = (typeof PROVIDER_FAULTS)[number];

/** One sentence for each fault. */
export const FAULT_SENTENCES: Readonly<Record<ProviderFault, string>> = {
  unresolved: 'The host name of the issuer is not known. Check its spelling.',
  unreachable: 'Nothing answers at the address of the issuer, or the answer breaks off.',
  tls: 'The certificate of the issuer cannot be verified.',
  timeout: 'The issuer does not answer within 8 seconds.',
  no_metadata: 'The issuer does not answer as an OpenID provider at /.well-known/openid-configuration.',
  other_issuer: 'The provider at this address calls itself otherwise. Use the issuer that it names.',
  shared: 'Many organizations share this address. Use the issuer of your own, with its directory (tenant) id.',
  incomplete: 'The metadata of the provider lacks the address of its authorization, its tokens or its keys.',
};

/** Metadata that was read, but cannot be used. */
export class ProviderFaultError extends Error {
  constructor(readonly code: ProviderFault) {
    super(`the metadata of the provider cannot be used: ${code}`);
  }
}

/** The fault behind an error of discovery, wherever in its causes it lies. */
export function faultOf(error: unknown): ProviderFault {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ProviderFaultError) return cause.code;
    if (cause instanceof OutboundRequestError) return faultOfRequest(cause);
    const { code } = cause as { code?: unknown };
    if (code === 'OAUTH_TIMEOUT') return 'timeout';
    if (code === 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED') return 'other_issuer';
  }
  return 'no_metadata';
}

/** The issuer that the metadata named instead; null when it named none. */
export function issuerNamed(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { body } = (cause.cause ?? {}) as { body?: { issuer?: unknown } };
    if (typeof body?.issuer === 'string') return body.issuer.slice(0, 2_048);
  }
  return null;
}

function faultOfRequest({ failure }: OutboundRequestError): ProviderFault {
  if (failure === 'too_large') return 'no_metadata';
  return failure === 'broken' ? 'unreachable' : failure;
}
