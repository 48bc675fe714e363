import { useText } from '../i18n/use-text.js';
import { LocaleSwitch } from '../ui/locale-switch.js';
import { ModeSwitch } from '../ui/mode-switch.js';
import { useWorkplace } from './workplace.js';

/** Who is responsible, and where to ask; on small screens also the visitor's settings. */
export function Footer() {
  const { t } = useText();
  const { workplace, setLocale } = useWorkplace();
  const { identity, locales } = workplace.brand;
  const support = identity.supportUrl ?? (identity.supportEmail ? `mailto:${identity.supportEmail}` : undefined);
  const links = [
    [support, t('support')],
    [identity.termsUrl, t('terms')],
    [identity.privacyUrl, t('privacy')],
  ] as const;
  return (
    <footer className="mx-auto flex w-full max-w-6xl flex-wrap items-center gap-x-5 gap-y-3 px-4 py-6 text-xs text-muted sm:px-6">
      <span className="flex flex-wrap gap-2 sm:hidden">
        <LocaleSwitch enabled={locales.enabled} onChange={setLocale} />
        <ModeSwitch />
      </span>
      <span>{identity.legalName ?? identity.name}</span>
      {links.map(
        ([href, label]) =>
          href && (
            <a key={label} href={href} className="underline-offset-4 hover:text-text hover:underline">
              {label}
            </a>
          ),
      )}
      {identity.poweredBy && <span className="sm:ml-auto">{t('poweredBy')}</span>}
    </footer>
  );
}
