import type { i18n } from 'i18next';
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import { type Formats, formatsOf } from './format.js';
import type { MessageKey } from './ko.js';
import type { Locale } from './setup.js';

/** The page's texts; the entry point provides them. */
export const Speech = createContext<i18n | null>(null);
/** IANA name of the zone that times are told in; undefined = the visitor's own. */
export const TimeZone = createContext<string | undefined>(undefined);

/** Texts and formats of the current language. */
export interface Text<Key extends string> {
  readonly t: (key: Key, values?: Readonly<Record<string, string | number>>) => string;
  /** True for a key that has a text; for keys made of names that the server sends. */
  readonly has: (key: string) => key is Key;
  readonly locale: Locale;
  readonly format: Formats;
}

/** Texts of the portal. */
export type PortalText = Text<MessageKey>;

/** Typed access to the texts of a page; the portal's keys by default. Draws again when the language changes. */
export function useText<Key extends string = MessageKey>(): Text<Key> {
  const speech = useContext(Speech);
  if (!speech) throw new Error('a text was drawn outside <Speech>');
  const language = useSyncExternalStore(
    (changed) => {
      speech.on('languageChanged', changed);
      return () => speech.off('languageChanged', changed);
    },
    () => speech.language,
  );
  const timeZone = useContext(TimeZone);
  return useMemo(() => {
    // i18next types keys by a global declaration, which two pages with different texts cannot share.
    const translate = speech.getFixedT(language) as unknown as (key: string, values: object) => string;
    const locale: Locale = language.startsWith('ko') ? 'ko' : 'en';
    return {
      t: (key, values) => translate(key, values ?? {}),
      has: (key): key is Key => speech.exists(key),
      locale,
      format: formatsOf(locale, timeZone),
    };
  }, [speech, language, timeZone]);
}
