import type { ReactNode } from 'react';
import { ApiError } from '../api/client.js';
import { useText } from '../i18n/use-text.js';
import { Button } from './button.js';
import { Icon, type IconName } from './icon.js';

/** Something is on its way: a gray shape of the size of what will come. */
export function Loading({ className = 'h-40' }: { readonly className?: string }) {
  const { t } = useText();
  return (
    <div role="status" className={`animate-pulse rounded-card bg-line/50 ${className}`}>
      <span className="sr-only">{t('loading')}</span>
    </div>
  );
}

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  readonly hint?: string;
  readonly children?: ReactNode;
}

/** There is nothing, and that is fine. */
export function Empty({ icon, title, hint, children }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-card border border-dashed border-line px-6 py-12 text-center">
      <Icon name={icon} className="size-8 text-muted" />
      <p className="font-medium">{title}</p>
      {hint && <p className="max-w-sm text-sm text-muted">{hint}</p>}
      {children && <div className="mt-3">{children}</div>}
    </div>
  );
}

/** What an error means for the person in front of it. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useText();
  return (error) => {
    if (!(error instanceof ApiError)) return t('error.server');
    if (error.status === 0) return t('error.network');
    if (error.status === 403) return t('error.forbidden');
    if (error.status === 429 || error.status === 503) return t('error.limited');
    return error.problem?.detail ?? t('error.server');
  };
}

/** Something failed; says what, and offers another try. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t } = useText();
  const textOf = useErrorText();
  return (
    <div role="alert" className="flex flex-col items-start gap-3 rounded-card border border-failed/40 bg-surface p-5">
      <p className="flex items-center gap-2 font-medium text-failed">
        <Icon name={error instanceof ApiError && error.status === 0 ? 'offline' : 'alert'} />
        {t('error.title')}
      </p>
      <p className="text-sm">{textOf(error)}</p>
      {onRetry && <Button onClick={onRetry}>{t('retry')}</Button>}
    </div>
  );
}
