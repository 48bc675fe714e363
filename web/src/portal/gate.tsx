import { lazy, Suspense } from 'react';
import { useMe } from '../api/session.js';
import { Failure } from '../ui/states.js';
import { SignInPage } from './sign-in-page.js';
import { useWorkplace } from './workplace.js';

const pages = () => import('./router.js').then((m) => ({ default: m.PortalRouter }));
const PortalRouter = lazy(pages);

/** Fetches the pages behind the gate while the session is being checked. */
export function preparePages(): void {
  void pages().catch(() => undefined); // the gate tries again and shows what went wrong
}

/** The sign-in page at every address while nobody of this tenant is signed in; then the page of the address. */
export function Gate() {
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
  if (me.data?.tenant?.slug !== workplace.slug) return <SignInPage isForeign={me.data !== null} />;
  return (
    <Suspense fallback={nothing}>
      <PortalRouter base={workplace.base} />
    </Suspense>
  );
}
