import { Injectable, Logger } from '@nestjs/common';
import * as openid from 'openid-client';
import { digestOf } from '../../common/canonical-json.js';
import { TtlCache } from '../../common/ttl-cache.js';
import { OutboundClient } from '../../outbound/outbound-client.js';
import { guardedFetch } from './guarded-fetch.js';
import { OidcRefusedError } from './oidc.errors.js';
import { providedIdentity, type ProvidedIdentity, tellsAddress } from './provided-identity.js';
import { type ProviderMetadata, requireUsable } from './provider-metadata.js';

/** A change of keys or addresses of a provider is seen within this time. */
const TTL_MS = 300_000;
const MAX_PROVIDERS = 500;
const TIMEOUT_SECONDS = 8;
const SCOPE = 'openid email profile';

/** A provider and with what this installation proves itself to it. */
export interface ProviderAccess {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What begins in one browser and must end in the same one. */
export interface AuthorizationAttempt {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** OpenID Connect with the provider of a tenant: authorization code with PKCE, state and nonce; id tokens are verified. */
@Injectable()
export class IdentityProvider {
  private readonly logger = new Logger('IdentityProvider');
  private readonly known = new TtlCache<openid.Configuration>(TTL_MS, MAX_PROVIDERS);
  private readonly fetch: openid.CustomFetch;

  constructor(outbound: OutboundClient) {
    this.fetch = guardedFetch(outbound);
  }

  /** Fresh secrets of an attempt. */
  newAttempt(redirectUri: string): AuthorizationAttempt {
    const [state, nonce] = [openid.randomState(), openid.randomNonce()];
    return { redirectUri, state, nonce, codeVerifier: openid.randomPKCECodeVerifier() };
  }

  /** Asks the provider for its metadata. @throws OidcRefusedError when it cannot be used */
  async metadata(access: ProviderAccess): Promise<ProviderMetadata> {
    return (await this.discover(access)).serverMetadata();
  }

  /** Where the browser goes to sign in. @throws OidcRefusedError */
  async authorizationUrl(access: ProviderAccess, attempt: AuthorizationAttempt): Promise<string> {
    const configuration = await this.configuration(access);
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: attempt.redirectUri,
      scope: SCOPE,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(attempt.codeVerifier),
      code_challenge_method: 'S256',
    });
    return url.href;
  }

  /**
   * Exchanges the code that the browser brought back. @param search of the callback, `?code=...&state=...`
   * @throws OidcRefusedError
   */
  async identity(access: ProviderAccess, attempt: AuthorizationAttempt, search: string): Promise<ProvidedIdentity> {
    const configuration = await this.configuration(access);
    try {
      const callback = new URL(attempt.redirectUri);
      callback.search = search;
      const tokens = await openid.authorizationCodeGrant(configuration, callback, {
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        pkceCodeVerifier: attempt.codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims()!;
      // Many providers tell the rest only here. `sub` must be the same: the client checks it.
      const isTold = tellsAddress(claims) || !configuration.serverMetadata().userinfo_endpoint;
      const more = isTold ? {} : await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub);
      return providedIdentity(claims, more);
    } catch (error) {
      throw this.refusalOf(error, access);
    }
  }

  private configuration(access: ProviderAccess): Promise<openid.Configuration> {
    return this.known.get(digestOf(access), () => this.discover(access));
  }

  private async discover(access: ProviderAccess): Promise<openid.Configuration> {
    const { issuer, clientId, clientSecret } = access;
    const isPlain = new URL(issuer).protocol === 'http:'; // the guard lets it pass only where the configuration says so
    try {
      const found = await openid.discovery(new URL(issuer), clientId, undefined, authentication(clientSecret), {
        [openid.customFetch]: this.fetch,
        timeout: TIMEOUT_SECONDS,
        execute: [openid.enableNonRepudiationChecks, ...(isPlain ? [openid.allowInsecureRequests] : [])],
      });
      requireUsable(found.serverMetadata());
      return found;
    } catch (error) {
      this.warn('does not answer as a provider', access, error);
      throw new OidcRefusedError('unavailable', { cause: error });
    }
  }

  private refusalOf(error: unknown, access: ProviderAccess): OidcRefusedError {
    if (error instanceof openid.AuthorizationResponseError) {
      return new OidcRefusedError(error.error === 'access_denied' ? 'denied' : 'failed', { cause: error });
    }
    this.warn('gave an answer that proves nothing', access, error);
    return new OidcRefusedError('failed', { cause: error });
  }

  /** Codes, never texts of the other side. */
  private warn(what: string, { issuer }: ProviderAccess, error: unknown): void {
    const { code, name } = error as { code?: unknown; name?: unknown };
    this.logger.warn(`The identity provider ${issuer} ${what}: ${String(code ?? name)}`);
  }
}

/** By header where the provider takes that, which is what a provider that says nothing does; else in the form. */
function authentication(secret: string): openid.ClientAuth {
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const inHeader = methods.includes('client_secret_basic') || !methods.includes('client_secret_post');
    const method = inHeader ? openid.ClientSecretBasic(secret) : openid.ClientSecretPost(secret);
    return method(server, client, body, headers);
  };
}
