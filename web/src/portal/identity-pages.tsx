import { useSyncExternalStore } from 'react';
import { InvitationPage } from './invitation-page.js';
import { NewPasswordPage } from './new-password-page.js';

/** The pages that a one-time link leads to. */
export type IdentityPageName = 'invitation' | 'new-password';

/** The one-time token of the address: it stands behind the #, which no server gets to see. Another link may follow. */
function useLinkToken(): string {
  return useSyncExternalStore(
    (changed) => {
      addEventListener('hashchange', changed);
      return () => removeEventListener('hashchange', changed);
    },
    () => location.hash.slice(1),
  );
}

/** A page for whoever comes with a link, signed in or not. */
export function IdentityPages({ page }: { readonly page: IdentityPageName }) {
  const token = useLinkToken();
  return page === 'invitation' ? (
    <InvitationPage key={token} token={token} />
  ) : (
    <NewPasswordPage key={token} token={token} />
  );
}
