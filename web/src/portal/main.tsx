import '../styles.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode, useCallback, useMemo } from 'react';
import { createRoot } from 'react-dom/client';
import type { i18n } from 'i18next';
import { makeQueryClient } from '../api/query-client.js';
import { changeLocale, type Locale, type Messages, startSpeech } from '../i18n/setup.js';
import { Speech, TimeZone } from '../i18n/use-text.js';
import { applyDisplayMode } from '../ui/display-mode.js';
import { Gate, preparePages } from './gate.js';
import { type ReturnedVisit, takeReturnedVisit } from './returned-visit.js';
import { StartFailure } from './start-failure.js';
import { CurrentWorkplace, openWorkplace, preferredLocale, rememberLocale, type Workplace } from './workplace.js';

async function load(locale: Locale): Promise<Messages> {
  return locale === 'ko' ? (await import('../i18n/ko.js')).ko : (await import('../i18n/en.js')).en;
}

const queries = makeQueryClient();

interface PortalProps {
  readonly workplace: Workplace;
  readonly speech: i18n;
  readonly visit: ReturnedVisit;
}

function Portal({ workplace, speech, visit }: PortalProps) {
  const setLocale = useCallback(
    (locale: Locale) => {
      rememberLocale(locale);
      document.documentElement.lang = locale;
      void changeLocale(speech, locale, { load, variant: workplace.variant });
    },
    [speech, workplace],
  );
  const context = useMemo(() => ({ workplace, setLocale }), [workplace, setLocale]);
  return (
    <CSPProvider disableStyleElements>
      <Speech value={speech}>
        <TimeZone value={workplace.brand.locales.timeZone}>
          <QueryClientProvider client={queries}>
            <CurrentWorkplace value={context}>
              <Gate visit={visit} />
            </CurrentWorkplace>
          </QueryClientProvider>
        </TimeZone>
      </Speech>
    </CSPProvider>
  );
}

async function start(): Promise<void> {
  const element = document.getElementById('root');
  if (!element) return;
  applyDisplayMode();
  preparePages();
  const root = createRoot(element);
  try {
    const workplace = await openWorkplace();
    const locale = preferredLocale(workplace.brand);
    document.documentElement.lang = locale;
    const visit = takeReturnedVisit(workplace.base);
    const speech = await startSpeech({ locale, load, variant: workplace.variant, copy: workplace.brand.copy });
    root.render(
      <StrictMode>
        <Portal workplace={workplace} speech={speech} visit={visit} />
      </StrictMode>,
    );
  } catch {
    root.render(<StartFailure />);
  }
}

void start();
