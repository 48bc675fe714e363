import { useText } from '../i18n/use-text.js';
import { BrandMark } from '../ui/brand-mark.js';
import { LocaleSwitch } from '../ui/locale-switch.js';
import { ModeSwitch } from '../ui/mode-switch.js';
import { SignInForm } from '../ui/sign-in-form.js';
import { BrandPanel } from './brand-panel.js';
import { Footer } from './footer.js';
import { useSessionChange } from '../api/session.js';
import { useWorkplace } from './workplace.js';

/** The tenant's front door. `isForeign`: somebody is signed in, but not to this tenant. */
export function SignInPage({ isForeign }: { readonly isForeign: boolean }) {
  const { t } = useText();
  const { workplace, setLocale } = useWorkplace();
  const { refresh } = useSessionChange();
  const { identity, layout, locales } = workplace.brand;
  const isSplit = layout.login !== 'center';
  return (
    <div className={`flex min-h-dvh ${layout.login === 'split_right' ? 'lg:flex-row-reverse' : ''}`}>
      {isSplit && <BrandPanel />}
      <div className="flex min-w-0 flex-1 flex-col">
        <div className={`h-1 bg-accent ${isSplit ? 'lg:hidden' : ''}`} />
        <div className="hidden justify-end gap-2 p-4 sm:flex">
          <LocaleSwitch enabled={locales.enabled} onChange={setLocale} />
          <ModeSwitch />
        </div>
        <main className="mx-auto flex w-full max-w-md flex-1 flex-col justify-center px-4 py-8 sm:px-6">
          <div className={isSplit ? 'lg:hidden' : ''}>
            <BrandMark shortName={identity.shortName} size="large" />
            <p className="mt-4 mb-8 text-lg font-semibold">{identity.name}</p>
          </div>
          <h1 className="text-3xl font-bold">{t('login.title')}</h1>
          <p className="mt-2 mb-8 text-muted">{t('login.note')}</p>
          {isForeign && (
            <p role="status" className="mb-6 rounded-control border border-warn/40 p-3 text-sm text-warn">
              {t('login.otherTenant')}
            </p>
          )}
          <SignInForm tenant={workplace.slug} onSignedIn={refresh} />
        </main>
        <Footer />
      </div>
    </div>
  );
}
