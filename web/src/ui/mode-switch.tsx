import { useText } from '../i18n/use-text.js';
import { type DisplayMode, useDisplayMode } from './display-mode.js';
import { Icon, type IconName } from './icon.js';
import { Segmented } from './segmented.js';

const ICONS: Readonly<Record<DisplayMode, IconName>> = { auto: 'auto', light: 'sun', dark: 'moon' };
const MODES: readonly DisplayMode[] = ['auto', 'light', 'dark'];

/** Automatic, light or dark. */
export function ModeSwitch() {
  const { t } = useText();
  const [mode, choose] = useDisplayMode();
  const options = MODES.map((value) => ({
    value,
    label: t(`mode.${value}`),
    icon: <Icon name={ICONS[value]} className="size-4.5" />,
  }));
  return <Segmented label={t('mode.label')} value={mode} options={options} onChange={choose} />;
}
