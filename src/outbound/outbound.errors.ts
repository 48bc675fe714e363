import { DomainError } from '../common/domain-error.js';

/** An address that outgoing requests may not go to. The message never tells what a name resolved to. */
export class UnsafeUrlError extends DomainError {
  readonly code = 'unsafe-url';
  constructor(why = 'It leads to an address that is not public.') {
    super(`This URL cannot be used. ${why} Use https, a public host name, port 443 or 8443, and no credentials.`);
  }
}

/** How an outgoing request failed. */
export type OutboundFailure = 'unresolved' | 'unreachable' | 'tls' | 'timeout' | 'too_large' | 'broken';

/** An outgoing request that got no whole answer. Tells a class of fault, never a text of the other side. */
export class OutboundRequestError extends Error {
  constructor(readonly failure: OutboundFailure) {
    super(`the outgoing request failed: ${failure}`);
  }
}
