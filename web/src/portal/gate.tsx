import { lazy, Suspense, useState } from 'react';
import { useMe } from '../api/session.js';
import { Failure } from '../ui/states.js';
import type { IdentityPageName } from './identity-pages.js';
import type { ReturnedVisit } from './returned-visit.js';
import { SignInPage } from './sign-in-page.js';
import { useWorkplace } from './workplace.js';

const identityPages = () => import('./identity-pages.js').then((m) => ({ default: m.IdentityPages }));
const IdentityPages = lazy(identityPages);
const pages = () => import('./router.js').then((m) => ({ default: m.PortalRouter }));
const PortalRouter = lazy(pages);

/** Fetches the pages behind the gate while the session is being checked. */
export function preparePages(): void {
  void pages().catch(() => undefined); // the gate tries again and shows what went wrong
}

/** The page of a one-time link, at its own address. */
function identityPage(base: string): IdentityPageName | null {
  const name = location.pathname.slice(base.length).replace(/^\/|\/$/g, '');
  return name === 'invitation' || name === 'new-password' ? name : null;
}

/** The pages of one-time links for everybody; the others behind the sign-in. */
export function Gate({ visit }: { readonly visit: ReturnedVisit }) {
  const { base } = useWorkplace().workplace;
  const [page] = useState(() => identityPage(base));
  if (page === null) return <SignedInGate visit={visit} />;
  return (
    <Suspense fallback={<div className="min-h-dvh" aria-busy="true" />}>
      <IdentityPages page={page} />
    </Suspense>
  );
}

/** The sign-in page at every address while nobody of this tenant is signed in; then the page of the address. */
function SignedInGate({ visit }: { readonly visit: ReturnedVisit }) {
  const { workplace } = useWorkplace();
  const me = useMe();
  const nothing = <div className="min-h-dvh" aria-busy="true" />;
  if (me.isPending) return nothing;
  if (me.isError) {
    return (
      <main className="mx-auto max-w-lg p-6 pt-24">
        <Failure error={me.error} onRetry={() => void me.refetch()} />
      </main>
    );
  }
  if (me.data?.tenant?.slug !== workplace.slug) return <SignInPage isForeign={me.data !== null} visit={visit} />;
  return (
    <Suspense fallback={nothing}>
      <PortalRouter base={workplace.base} />
    </Suspense>
  );
}
