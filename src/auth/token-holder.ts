import { uuidOf } from '../common/ids.js';
import { type AccessClaims, OPERATOR_AUDIENCE, TENANT_AUDIENCE } from './access-tokens.js';
import type { Principal } from './principal.js';
import type { Principals } from './principals.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Whose access token it is: people's tokens name their session, an operator's inside a tenant the impersonation, and
 * machines, who have neither, the key. Null for claims that no token of ours has, and for what is no longer good.
 * @param address of the client: a key may be tied to ranges
 * @throws TenantSuspendedError
 */
export async function holderOf(
  principals: Principals,
  claims: AccessClaims,
  address: string,
): Promise<Principal | null> {
  const { aud, sid, ver } = claims;
  const isOperator = aud === OPERATOR_AUDIENCE;
  const tenantId = isOperator ? null : uuidOf('tenant', String(claims.tenant));
  const isShaped = isOperator ? claims.tenant === undefined : aud === TENANT_AUDIENCE && tenantId !== null;
  // A token without an end would be good for ever: the JWT library looks at `exp` only when there is one.
  if (!isShaped || typeof ver !== 'number' || typeof claims.exp !== 'number') return null;
  if (sid !== undefined && !UUID.test(String(sid))) return null;
  const subject = String(claims.sub);
  if (tenantId === null) return sid === undefined ? null : principals.ofSession(null, sid, ver);
  if (sid === undefined) {
    const keyId = uuidOf('apiKey', subject);
    return keyId === null ? null : principals.ofMachine(tenantId, keyId, String(claims.scope), address);
  }
  if (uuidOf('operator', subject) !== null) return principals.ofImpersonation(tenantId, sid, ver);
  return principals.ofSession(tenantId, sid, ver);
}
