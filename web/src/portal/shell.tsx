import { Outlet } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.js';
import { Footer } from './footer.js';
import { Navigation, TopBar } from './navigation.js';
import { useWorkplace } from './workplace.js';

/** What stands around every page of a member. */
export function Shell() {
  const { t } = useText();
  const hasSideNavigation = useWorkplace().workplace.brand.layout.nav === 'side';
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:m-2 focus:bg-surface focus:p-2"
      >
        {t('skip')}
      </a>
      <TopBar />
      <div
        className={`mx-auto flex w-full max-w-6xl flex-1 flex-col ${hasSideNavigation ? 'md:flex-row md:gap-8' : ''}`}
      >
        {hasSideNavigation && (
          <aside className="hidden w-48 shrink-0 px-4 pt-8 md:block">
            <Navigation direction="column" />
          </aside>
        )}
        <main id="main" tabIndex={-1} className="min-w-0 flex-1 px-4 py-6 outline-none sm:px-6 sm:py-10">
          <Outlet />
        </main>
      </div>
      <Footer />
    </div>
  );
}
