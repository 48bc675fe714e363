import { useMe, useSessionChange } from '../api/session.js';
import { LOCALES, type Locale } from '../i18n/setup.js';
import { BrandMark } from '../ui/brand-mark.js';
import { Icon } from '../ui/icon.js';
import { LocaleSwitch } from '../ui/locale-switch.js';
import { ModeSwitch } from '../ui/mode-switch.js';
import { SignInForm } from '../ui/sign-in-form.js';
import { Failure } from '../ui/states.js';
import { SchedulerCard } from './scheduler-card.js';
import { TenantsCard } from './tenants-card.js';
import { useConsoleText } from './use-console-text.js';

/** The operators' page: sign-in, or tenants and devices. */
export function ConsolePage({ setLocale }: { readonly setLocale: (locale: Locale) => void }) {
  const { t } = useConsoleText();
  const me = useMe();
  const { refresh, signOut } = useSessionChange();
  const isOperator = me.data?.tenant === null;
  return (
    <div className="min-h-dvh">
      <header className="border-b border-line bg-surface">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-3 px-4 py-2.5 sm:px-6">
          <BrandMark shortName="M" />
          <span className="mr-auto font-semibold">Maru · {t('console.title')}</span>
          <LocaleSwitch enabled={LOCALES} onChange={setLocale} />
          <ModeSwitch />
          {isOperator && (
            <button
              type="button"
              onClick={() => void signOut()}
              className="inline-flex min-h-9 items-center gap-1.5 rounded-control px-2 text-sm text-muted hover:text-text"
            >
              <Icon name="exit" className="size-4.5" />
              {t('account.signOut')}
            </button>
          )}
        </div>
      </header>
      <main className="mx-auto flex max-w-6xl flex-col gap-6 px-4 py-8 sm:px-6">
        {me.isError && <Failure error={me.error} onRetry={() => void me.refetch()} />}
        {me.isSuccess && !isOperator && (
          <div className="mx-auto w-full max-w-sm pt-12">
            <h1 className="text-3xl font-bold">{t('login.title')}</h1>
            <p className="mt-2 mb-8 text-muted">{t('console.note')}</p>
            {me.data && (
              <p role="status" className="mb-6 text-sm text-warn">
                {t('console.notOperator')}
              </p>
            )}
            <SignInForm onSignedIn={refresh} />
          </div>
        )}
        {isOperator && (
          <>
            <h1 className="text-2xl font-bold">{t('console.title')}</h1>
            <TenantsCard />
            <SchedulerCard />
          </>
        )}
      </main>
    </div>
  );
}
