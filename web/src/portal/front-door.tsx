import type { ReactNode } from 'react';
import { BrandMark } from '../ui/brand-mark.js';
import { LocaleSwitch } from '../ui/locale-switch.js';
import { ModeSwitch } from '../ui/mode-switch.js';
import { BrandPanel } from './brand-panel.js';
import { Footer } from './footer.js';
import { useWorkplace } from './workplace.js';

interface FrontDoorProps {
  readonly title: string;
  readonly note: string;
  readonly children: ReactNode;
}

/** What stands around the pages of people who are not signed in yet: the tenant's brand, and one form. */
export function FrontDoor({ title, note, children }: FrontDoorProps) {
  const { workplace, setLocale } = useWorkplace();
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
          <h1 className="text-3xl font-bold">{title}</h1>
          <p className="mt-2 mb-8 text-muted">{note}</p>
          {children}
        </main>
        <Footer />
      </div>
    </div>
  );
}
