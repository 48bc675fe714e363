import { Injectable } from '@nestjs/common';
import { OutboundClient } from '../../outbound/outbound-client.js';
import { OutboundRequestError } from '../../outbound/outbound.errors.js';
import { IdentityProvider } from './identity-provider.js';
import { OidcRefusedError } from './oidc.errors.js';
import { faultOf, issuerNamed, type ProviderFault } from './provider-fault.js';
import { saysVerified } from './provider-metadata.js';

/** How an issuer answered. */
export interface ProviderReport {
  /** Null when it can be used. */
  readonly fault: ProviderFault | null;
  /** As the metadata names it; null when there is none. */
  readonly issuer: string | null;
  /** Whether it says whether e-mail addresses are verified; null when that is not known. */
  readonly saysVerified: boolean | null;
}

/** Looks whether an address is of a provider, without a word of anybody's sign-in. */
@Injectable()
export class ProviderCheck {
  constructor(
    private readonly outbound: OutboundClient,
    private readonly provider: IdentityProvider,
  ) {}

  /** Asks for the metadata, through the guard. @throws UnsafeUrlError for an address that nobody may be sent to */
  async look(issuer: string): Promise<ProviderReport> {
    try {
      await this.outbound.check(issuer);
      const metadata = await this.provider.metadata({ issuer, clientId: 'of no sign-in', clientSecret: '' });
      return { fault: null, issuer: metadata.issuer, saysVerified: saysVerified(metadata) };
    } catch (error) {
      if (!(error instanceof OutboundRequestError || error instanceof OidcRefusedError)) throw error;
      const fault = faultOf(error);
      return { fault, issuer: fault === 'other_issuer' ? issuerNamed(error) : null, saysVerified: null };
    }
  }
}
