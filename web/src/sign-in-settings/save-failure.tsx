import { useText } from '../i18n/use-text.js';
import { Button } from '../ui/button.js';
import { Notice } from '../ui/notice.js';
import { useErrorText } from '../ui/states.js';
import { isConflict, isUnusableIssuer } from './provider-faults.js';

/** Why nothing was saved, where that belongs to no field; whoever was slower may load what is stored now. */
export function SaveFailure({ error, onReload }: { readonly error: unknown; readonly onReload: () => Promise<void> }) {
  const { t } = useText();
  const errorText = useErrorText();
  if (isConflict(error)) {
    return (
      <div className="flex flex-col items-start gap-3">
        <Notice kind="failed">{t('sso.conflict')}</Notice>
        <Button onClick={() => void onReload()}>{t('sso.reload')}</Button>
      </div>
    );
  }
  const why = isUnusableIssuer(error) ? t('sso.issuer.unusableNow') : errorText(error);
  return (
    <Notice kind="failed">
      <span className="font-medium">{t('sso.saveFailed')}</span> {why}
    </Notice>
  );
}
