import type { ServerMetadata } from 'openid-client';
import { ProviderFaultError } from './provider-fault.js';

/** What a provider says of itself at /.well-known/openid-configuration. */
export type ProviderMetadata = Readonly<ServerMetadata>;

/**
 * A provider must name one issuer and the three addresses that a sign-in takes. An address that many organizations share
 * names a pattern instead (`.../{tenantid}/v2.0` at Microsoft Entra ID): it would let in people of any of them.
 * @throws ProviderFaultError
 */
export function requireUsable(metadata: ProviderMetadata): void {
  if (/[{}]/.test(metadata.issuer)) throw new ProviderFaultError('shared');
  const { authorization_endpoint, token_endpoint, jwks_uri } = metadata;
  if (!authorization_endpoint || !token_endpoint || !jwks_uri) throw new ProviderFaultError('incomplete');
}

/** Whether the provider says whether addresses are verified; null when it does not list its claims. */
export function saysVerified({ claims_supported: claims }: ProviderMetadata): boolean | null {
  return Array.isArray(claims) ? claims.includes('email_verified') : null;
}
