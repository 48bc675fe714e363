import { api, read } from './client.js';

/** Whom an invitation is for. Throws ApiError: 401 when the link is used up or too old. */
export function inspectInvitation(token: string): Promise<{ email: string; name: string }> {
  return read(api.POST('/v1/auth/invitations/inspect', { body: { token } }));
}

/** Opens the account and signs in with a cookie of this host. */
export async function acceptInvitation(token: string, password: string, name: string): Promise<void> {
  await read(api.POST('/v1/auth/invitations/accept', { body: { token, password, name, session: 'cookie' } }));
}

/** Asks for a link to a new password; succeeds whether there is such an account or not. */
export async function requestPasswordLink(tenant: string, email: string): Promise<void> {
  await read(api.POST('/v1/auth/password/forgot', { body: { tenant, email } }));
}

/** Sets a new password, which ends every session. */
export async function resetPassword(token: string, password: string): Promise<void> {
  await read(api.POST('/v1/auth/password/reset', { body: { token, password } }));
}
