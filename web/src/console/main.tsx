import '../styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { makeQueryClient } from '../api/query-client.js';
import { changeLocale, type Locale, type Messages, startSpeech } from '../i18n/setup.js';
import { Speech } from '../i18n/use-text.js';
import { applyDisplayMode } from '../ui/display-mode.js';
import { ConsolePage } from './console-page.js';

const LOCALE_KEY = 'maru.console.locale';

async function load(locale: Locale): Promise<Messages> {
  if (locale === 'ko') {
    const [{ ko }, { consoleKo }] = await Promise.all([import('../i18n/ko.js'), import('./ko.js')]);
    return { ...ko, ...consoleKo };
  }
  const [{ en }, { consoleEn }] = await Promise.all([import('../i18n/en.js'), import('./en.js')]);
  return { ...en, ...consoleEn };
}

function preferredLocale(): Locale {
  const wish = localStorage.getItem(LOCALE_KEY) ?? navigator.language;
  return wish.startsWith('ko') ? 'ko' : 'en';
}

async function start(): Promise<void> {
  const element = document.getElementById('root');
  if (!element) return;
  applyDisplayMode();
  const locale = preferredLocale();
  document.documentElement.lang = locale;
  const speech = await startSpeech({ locale, load });
  const setLocale = (next: Locale) => {
    localStorage.setItem(LOCALE_KEY, next);
    document.documentElement.lang = next;
    void changeLocale(speech, next, { load });
  };
  createRoot(element).render(
    <StrictMode>
      <Speech value={speech}>
        <QueryClientProvider client={makeQueryClient()}>
          <ConsolePage setLocale={setLocale} />
        </QueryClientProvider>
      </Speech>
    </StrictMode>,
  );
}

void start();
