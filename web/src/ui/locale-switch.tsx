import type { Locale } from '../i18n/setup.js';
import { useText } from '../i18n/use-text.js';
import { Segmented } from './segmented.js';

const NAMES: Readonly<Record<Locale, string>> = { ko: '한국어', en: 'English' };

interface LocaleSwitchProps {
  readonly enabled: readonly Locale[];
  readonly onChange: (locale: Locale) => void;
}

/** Each language in its own words; nothing when there is only one. */
export function LocaleSwitch({ enabled, onChange }: LocaleSwitchProps) {
  const { t, locale } = useText();
  if (enabled.length < 2) return null;
  const options = enabled.map((value) => ({ value, label: NAMES[value], lang: value }));
  return <Segmented label={t('locale.label')} value={locale} options={options} onChange={onChange} />;
}
