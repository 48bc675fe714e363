import { Link } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.js';
import { BrandMark } from '../ui/brand-mark.js';
import { Icon, type IconName } from '../ui/icon.js';
import { LocaleSwitch } from '../ui/locale-switch.js';
import { ModeSwitch } from '../ui/mode-switch.js';
import { useMe, useSessionChange } from '../api/session.js';
import type { Me } from '../api/types.js';
import { useWorkplace } from './workplace.js';

const ITEMS = [
  { to: '/', key: 'nav.home', icon: 'home' },
  { to: '/new', key: 'nav.new', icon: 'plus' },
  { to: '/jobs', key: 'nav.jobs', icon: 'list' },
  { to: '/settings/sign-in', key: 'nav.signInSettings', icon: 'key', role: 'owner' },
] as const satisfies readonly { to: string; key: string; icon: IconName; role?: Me['role'] }[];

const ITEM =
  'inline-flex min-h-9 items-center gap-2 rounded-control px-3 text-sm font-medium text-muted hover:text-text aria-[current=page]:bg-accent-soft aria-[current=page]:text-text';

/** Links between the pages; the current one is marked by shade and by `aria-current`. */
export function Navigation({ direction }: { readonly direction: 'row' | 'column' }) {
  const { t } = useText();
  const role = useMe().data?.role;
  const items = ITEMS.filter((item) => !('role' in item) || item.role === role);
  return (
    <nav aria-label={t('nav.label')} className={direction === 'row' ? 'flex flex-wrap gap-1' : 'flex flex-col gap-1'}>
      {items.map(({ to, key, icon }) => (
        <Link key={to} to={to} className={ITEM} activeOptions={{ exact: to === '/', includeSearch: false }}>
          <Icon name={icon} className="size-4.5" />
          {t(key)}
        </Link>
      ))}
    </nav>
  );
}

/** The tenant's name, navigation, and the visitor's settings. */
export function TopBar() {
  const { t } = useText();
  const { workplace, setLocale } = useWorkplace();
  const { identity, layout, locales } = workplace.brand;
  const { signOut } = useSessionChange();
  return (
    <header className="border-b border-line bg-surface">
      <div className="h-1 bg-accent" />
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-6 gap-y-2 px-4 py-2.5 sm:px-6">
        <Link to="/" className="flex items-center gap-2.5 rounded-control font-semibold tracking-tight">
          <BrandMark shortName={identity.shortName} />
          <span>{identity.name}</span>
        </Link>
        <div className={`order-last w-full md:order-none md:w-auto ${layout.nav === 'side' ? 'md:hidden' : ''}`}>
          <Navigation direction="row" />
        </div>
        <div className="ml-auto flex items-center gap-2">
          <span className="hidden items-center gap-2 sm:flex">
            <LocaleSwitch enabled={locales.enabled} onChange={setLocale} />
            <ModeSwitch />
          </span>
          <button
            type="button"
            onClick={() => void signOut()}
            className="inline-flex min-h-9 items-center gap-1.5 rounded-control px-2 text-sm text-muted hover:bg-accent-soft hover:text-text"
          >
            <Icon name="exit" className="size-4.5" />
            <span className="sr-only lg:not-sr-only">{t('account.signOut')}</span>
          </button>
        </div>
      </div>
    </header>
  );
}
