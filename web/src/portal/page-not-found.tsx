import { Link } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.js';
import { buttonClass } from '../ui/button.js';
import { Empty } from '../ui/states.js';

/** An address inside the portal that leads nowhere. */
export function PageNotFound() {
  const { t } = useText();
  return (
    <Empty icon="alert" title={t('error.page')} hint={t('error.pageHint')}>
      <Link to="/" className={buttonClass('plain')}>
        {t('nav.home')}
      </Link>
    </Empty>
  );
}
