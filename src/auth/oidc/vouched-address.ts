import { domainToASCII, domainToUnicode } from 'node:url';
import { normalizeEmail } from '../email.js';
import { OidcRefusedError } from './oidc.errors.js';
import type { OidcSettings } from './oidc-settings.js';
import type { ProvidedIdentity } from './provided-identity.js';

type Rules = Pick<OidcSettings, 'allowedDomains' | 'trustedEmailDomains'>;

/**
 * The address of whoever comes, in its normal form, when the provider vouches for it: by its word, or, where it says
 * nothing, because the owner of the tenant trusts it with the whole domain. Its "no" stands above that trust.
 * @throws OidcRefusedError `unverified`, `unstated` or `domain`
 */
export function vouchedAddress(
  { email: told, isEmailVerified }: Pick<ProvidedIdentity, 'email' | 'isEmailVerified'>,
  { allowedDomains, trustedEmailDomains }: Rules,
): string {
  const email = normalizeEmail(told ?? '');
  if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254) throw new OidcRefusedError('unstated');
  if (isEmailVerified === false) throw new OidcRefusedError('unverified');
  const domain = domainOf(email);
  if (isEmailVerified === null && !trustedEmailDomains.includes(domain)) throw new OidcRefusedError('unstated');
  if (allowedDomains.length > 0 && !allowedDomains.includes(domain)) throw new OidcRefusedError('domain');
  return email;
}

/** In punycode, where its only other spelling is the plain one: look-alikes stay what they are, and match nothing. */
function domainOf(email: string): string {
  const domain = email.slice(email.lastIndexOf('@') + 1);
  const ascii = domainToASCII(domain);
  return domainToUnicode(ascii) === domain ? ascii : domain;
}
