const REASONS = [
  'unavailable',
  'denied',
  'expired',
  'failed',
  'unverified',
  'unstated',
  'domain',
  'unknown',
  'taken',
  'disabled',
  'suspended',
] as const;

/** Why the identity provider of the tenant brought nobody in. */
export type RefusalReason = (typeof REASONS)[number];

/** What a browser that comes back from the provider brings along, in the address of the sign-in page. */
export interface ReturnedVisit {
  readonly refusal: RefusalReason | null;
  /** The account has a second factor: what its code answers. */
  readonly challenge: string | null;
}

/** Reads it, and takes it out of the address, so that a reload does not tell it again. */
export function takeReturnedVisit(base: string): ReturnedVisit {
  if (location.pathname !== `${base}/login`) return { refusal: null, challenge: null };
  const given = new URLSearchParams(location.search).get('sso');
  const challenge = location.hash.slice(1) || null;
  if (given !== null || challenge !== null) history.replaceState(history.state, '', location.pathname);
  return { refusal: REASONS.find((reason) => reason === given) ?? null, challenge };
}
