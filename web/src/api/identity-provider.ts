import { api, ApiError, read } from './client.js';
import type { OidcProvider, OidcProviderTest } from './types.js';

/** Settings with the version that they were read at. */
export interface StoredProvider {
  readonly settings: OidcProvider;
  readonly etag: string;
}

/** What an owner decides. Without a secret the stored one stays. */
export type ProviderWish = Omit<OidcProvider, 'object' | 'redirectUris' | 'updatedAt'> & {
  readonly clientSecret?: string;
};

/** Null while none is set up. Throws ApiError: 403 for everybody but owners. */
export async function readProvider(): Promise<StoredProvider | null> {
  try {
    return await withVersion(api.GET('/v1/tenant/oidc'));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** @param etag of the settings that are replaced; null for the first. Throws ApiError: 412 when they changed since. */
export function saveProvider(wish: ProviderWish, etag: string | null): Promise<StoredProvider> {
  const header = etag === null ? {} : { 'If-Match': etag };
  return withVersion(api.PUT('/v1/tenant/oidc', { params: { header }, body: wish }));
}

/** Throws ApiError. */
export async function removeProvider(): Promise<void> {
  await read(api.DELETE('/v1/tenant/oidc'));
}

/** Whether the issuer answers as a provider. Throws ApiError: 422 for what is no address, or none outside. */
export function testProvider(issuer: string): Promise<OidcProviderTest> {
  return read(api.POST('/v1/tenant/oidc/test', { body: { issuer } }));
}

/** What is to be registered at the provider; the same before one is set up. Throws ApiError. */
export async function readRedirectUris(): Promise<readonly string[]> {
  return (await read(api.GET('/v1/tenant/oidc/redirect-uris'))).data;
}

async function withVersion(pending: Promise<Answer>): Promise<StoredProvider> {
  let etag = '';
  const settings = await read(
    pending.then((answer) => {
      etag = answer.response.headers.get('etag') ?? '';
      return answer;
    }),
  );
  return { settings, etag };
}

interface Answer {
  data?: OidcProvider;
  error?: unknown;
  response: Response;
}
