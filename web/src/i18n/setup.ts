import i18next, { type i18n } from 'i18next';

export type Locale = 'ko' | 'en';
export type Messages = Readonly<Record<string, string>>;
export const LOCALES: readonly Locale[] = ['ko', 'en'];

/** What one page needs to speak: its own texts, loaded on demand, and a tenant's replacements. */
export interface SpeechOptions {
  readonly locale: Locale;
  readonly load: (locale: Locale) => Promise<Messages>;
  /** 1..8 letters or digits that tell one tenant's wording from another's. */
  readonly variant?: string;
  readonly copy?: Readonly<Partial<Record<Locale, Readonly<Record<string, string | undefined>>>>>;
}

/** A tenant's wording has a private-use tag of its own (`ko-x-1a2b3c4d`), so the chain is tenant, then ours. */
function tagOf(locale: Locale, variant: string | undefined): string {
  return variant ? `${locale}-x-${variant}` : locale;
}

/** Starts i18next with one locale. Only the active locale's texts are loaded. */
export async function startSpeech({ locale, load, variant, copy = {} }: SpeechOptions): Promise<i18n> {
  const speech = i18next.createInstance();
  await speech.init({
    lng: tagOf(locale, variant),
    fallbackLng: locale,
    keySeparator: false,
    nsSeparator: false,
    showSupportNotice: false,
    interpolation: { escapeValue: false },
    resources: {
      ...Object.fromEntries(LOCALES.map((l) => [tagOf(l, variant), { translation: { ...copy[l] } }])),
      [locale]: { translation: await load(locale) },
    },
  } as Parameters<i18n['init']>[0]);
  return speech;
}

/** Changes the language of a running page. */
export async function changeLocale(
  speech: i18n,
  locale: Locale,
  options: Pick<SpeechOptions, 'load' | 'variant'>,
): Promise<void> {
  if (!speech.hasResourceBundle(locale, 'translation')) {
    speech.addResourceBundle(locale, 'translation', await options.load(locale));
  }
  speech.options.fallbackLng = [locale];
  await speech.changeLanguage(tagOf(locale, options.variant));
}
