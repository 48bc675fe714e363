/** What a provider says of whoever signed in. */
export interface ProvidedIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** Null when the provider names none. */
  readonly email: string | null;
  /** Null when the provider does not say. */
  readonly isEmailVerified: boolean | null;
  readonly name: string | null;
}

/** Claims of a provider, by name. */
export type Claims = Readonly<Record<string, unknown>>;

/** Whether the id token tells all that a sign-in asks for; many providers tell the rest at their userinfo endpoint only. */
export function tellsAddress(idToken: Claims): boolean {
  return idToken['email'] !== undefined && idToken['email_verified'] !== undefined;
}

/** @param userInfo of the same subject; empty when the provider was not asked */
export function providedIdentity(idToken: Claims, userInfo: Claims): ProvidedIdentity {
  const { iss, sub, email, name } = { ...userInfo, ...idToken };
  return {
    issuer: String(iss),
    subject: String(sub),
    email: typeof email === 'string' ? email : null,
    isEmailVerified: verificationOf(idToken, userInfo),
    name: typeof name === 'string' && name.trim() !== '' ? name.trim() : null,
  };
}

/** Only `true` is a yes, and only about the address that it was said of; whatever else there is, is a no. */
function verificationOf(idToken: Claims, userInfo: Claims): boolean | null {
  const words = [idToken['email_verified'], userInfo['email_verified']].filter((word) => word !== undefined);
  if (words.some((word) => word !== true)) return false;
  const isSameAddress = idToken['email'] === undefined || idToken['email'] === userInfo['email'];
  if (idToken['email_verified'] === true || (isSameAddress && words.length > 0)) return true;
  return null;
}
