/** A refusal of the token endpoint, in the words of RFC 6749 section 5.2. */
export class OauthError extends Error {
  constructor(
    readonly error:
      'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope' | 'unauthorized_client',
    readonly description: string,
  ) {
    super(description);
  }
}
