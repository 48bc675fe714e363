import { Injectable } from '@nestjs/common';
import { uuidOf } from '../../common/ids.js';
import { AccessTokens, MACHINE_TOKEN_SECONDS } from '../access-tokens.js';
import { TenantSuspendedError } from '../auth.errors.js';
import { Principals } from '../principals.js';
import type { Scope } from '../scopes.js';
import { OauthError } from './oauth.error.js';
import type { TokenRequest } from './token-request.js';

/** Answer of the token endpoint (RFC 6749 section 5.1); the names are those of the standard. */
export interface MachineTokens {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  /** Seconds. */
  readonly expires_in: number;
  readonly scope: string;
}

/** The client credentials grant: an API key becomes a token of 15 min, for services that cannot send the key itself. */
@Injectable()
export class ClientCredentials {
  constructor(
    private readonly principals: Principals,
    private readonly accessTokens: AccessTokens,
  ) {}

  /**
   * @param address of the client: a key may be tied to ranges
   * @throws OauthError
   */
  async exchange({ clientId, clientSecret, scopes }: TokenRequest, address: string): Promise<MachineTokens> {
    const key = await this.principals.ofApiKey(clientSecret, address).catch(refuseSuspended);
    if (!key?.tenantId || uuidOf('apiKey', clientId) !== key.id) {
      throw new OauthError('invalid_client', 'The id or the secret of the client is not right.');
    }
    const granted = grant(key.scopes, scopes);
    const access_token = await this.accessTokens.issueToMachine({
      id: key.id,
      tenantId: key.tenantId,
      scopes: granted,
    });
    return { access_token, token_type: 'Bearer', expires_in: MACHINE_TOKEN_SECONDS, scope: granted.join(' ') };
  }
}

function grant(held: ReadonlySet<Scope>, wanted: readonly string[] | null): Scope[] {
  if (wanted === null) return [...held];
  if (wanted.length === 0) throw new OauthError('invalid_scope', 'Name a scope, or leave the parameter out.');
  const missing = wanted.filter((scope) => !held.has(scope as Scope));
  if (missing.length > 0) throw new OauthError('invalid_scope', 'The key does not hold every scope that is asked for.');
  return [...new Set(wanted as Scope[])];
}

function refuseSuspended(error: unknown): never {
  if (error instanceof TenantSuspendedError) throw new OauthError('unauthorized_client', error.message);
  throw error;
}
