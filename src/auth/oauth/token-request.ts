import { isStorableText } from '../../common/storable-text.js';
import { OauthError } from './oauth.error.js';

/** A request of the token endpoint, read but not believed. */
export interface TokenRequest {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Null = everything that the client may do. */
  readonly scopes: readonly string[] | null;
}

const BASIC = /^Basic ([A-Za-z0-9+/]{1,2048}={0,2})$/i;
const FORM = /^application\/x-www-form-urlencoded *(;|$)/i;

/**
 * Reads a token request (RFC 6749 sections 2.3.1 and 4.4.2): a form, with the client in the Authorization header or in
 * the form, but not in both.
 * @throws OauthError
 */
export function readTokenRequest(
  headers: { readonly authorization?: string; readonly 'content-type'?: string },
  body: unknown,
): TokenRequest {
  if (!FORM.test(headers['content-type'] ?? '')) throw invalid('Send application/x-www-form-urlencoded.');
  const field = (name: string) => fieldOf(body, name);
  const grant = field('grant_type');
  if (grant === null) throw invalid('grant_type is missing.');
  if (grant !== 'client_credentials') throw new OauthError('unsupported_grant_type', 'Use client_credentials.');
  const fromForm = { clientId: field('client_id'), clientSecret: field('client_secret') };
  const fromHeader = headers.authorization === undefined ? null : basicOf(headers.authorization);
  if (fromHeader && fromForm.clientSecret !== null) throw invalid('Send the client in one place only.');
  if (fromHeader && fromForm.clientId !== null && fromForm.clientId !== fromHeader.clientId) {
    throw invalid('client_id is not the one of the Authorization header.');
  }
  const { clientId, clientSecret } = fromHeader ?? fromForm;
  if (!clientId || !clientSecret) throw new OauthError('invalid_client', 'The client is not authenticated.');
  const scope = field('scope');
  return { clientId, clientSecret, scopes: scope === null ? null : scope.split(' ').filter((name) => name !== '') };
}

/** One value, or null; a parameter that comes twice is refused. */
function fieldOf(body: unknown, name: string): string | null {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return null;
  const value = (body as Record<string, unknown>)[name];
  if (typeof value !== 'string' || !isStorableText(value)) throw invalid(`${name} must be given once, as text.`);
  return value === '' ? null : value;
}

/** Both halves are form-encoded before they are joined. */
function basicOf(header: string): { clientId: string; clientSecret: string } {
  const encoded = BASIC.exec(header)?.[1];
  const text = encoded ? Buffer.from(encoded, 'base64').toString('utf8') : '';
  const at = text.indexOf(':');
  if (at < 1) throw new OauthError('invalid_client', 'The Authorization header is not "Basic".');
  try {
    const [clientId = '', clientSecret = ''] = [text.slice(0, at), text.slice(at + 1)].map((half) =>
      decodeURIComponent(half.replaceAll('+', ' ')),
    );
    return { clientId, clientSecret };
  } catch {
    throw new OauthError('invalid_client', 'The Authorization header is not form-encoded.');
  }
}

function invalid(description: string): OauthError {
  return new OauthError('invalid_request', description);
}
