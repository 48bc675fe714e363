import { domainToASCII } from 'node:url';

/** At least two labels; lower case, and punycode where it is not plain. */
export const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/**
 * Second levels below which the registries of countries give out names, as in `co.kr` and `com.br`: what most of them use.
 * Not the whole list of public suffixes, which changes every week: what is asked here is whether somebody left their own
 * name out. Addresses match a whole domain, so that a suffix would let nobody in, either.
 */
const LEVELS =
  /^(ac|co|com|edu|go|gob|gouv|gov|govt|ltd|mil|ne|net|nom|or|org|plc|sch|school)\.([a-z]{2}|xn--[a-z0-9-]+)$/;
const LEVELS_OF_KOREA = /^(es|hs|kg|ms|pe|re|sc)\.kr$/;

/** True for the domain of one organization: no public suffix alone, such as `com` or `co.kr`. */
export function isOwnDomain(text: string): boolean {
  if (!DOMAIN.test(text) || domainToASCII(text) !== text) return false;
  return !LEVELS.test(text) && !LEVELS_OF_KOREA.test(text);
}
