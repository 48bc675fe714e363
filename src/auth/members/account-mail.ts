import type { LinkPurpose } from './account-links.repository.js';

/** A one-time link on its way to a person. */
export interface LinkLetter {
  readonly purpose: LinkPurpose;
  readonly to: { readonly email: string; readonly name: string };
  readonly tenantName: string;
  readonly url: string;
  readonly expiresAt: Date;
}

/** How one-time links reach people. Without a transport, whoever makes an invitation is shown its link and hands it on. */
export abstract class AccountMail {
  /** False: nothing is sent. */
  abstract readonly isSet: boolean;
  /** Resolves once the letter is in other hands. */
  abstract send(letter: LinkLetter): Promise<void>;
}
