import type { AccessClaims } from './access-tokens.js';
import { TenantSuspendedError } from './auth.errors.js';
import type { LiveCredential, Principal } from './principal.js';
import type { Principals } from './principals.js';
import { holderOf } from './token-holder.js';

/** The credential of a request that was authenticated. @param text the bearer token, key or cookie; verified before */
export function liveCredential(
  principals: Principals,
  principal: Principal,
  text: string,
  address: string,
): LiveCredential {
  const again = (find: () => Promise<Principal | null>): (() => Promise<boolean>) => {
    return () =>
      find().then(
        (found) => found !== null,
        (error: unknown) => !(error instanceof TenantSuspendedError),
      );
  };
  if (principal.credential === 'api_key')
    return { expiresAtMs: null, isGood: again(() => principals.ofApiKey(text, address)) };
  if (principal.credential === 'session') return { expiresAtMs: null, isGood: again(() => principals.ofCookie(text)) };
  const claims = claimsOf(text);
  return { expiresAtMs: claims.exp * 1_000, isGood: again(() => holderOf(principals, claims, address)) };
}

function claimsOf(token: string): AccessClaims {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8')) as AccessClaims;
}
