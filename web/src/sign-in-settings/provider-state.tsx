import { useState } from 'react';
import { removeProvider, saveProvider, type StoredProvider } from '../api/identity-provider.js';
import { useText } from '../i18n/use-text.js';
import { Button } from '../ui/button.js';
import { Card } from '../ui/card.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { Icon } from '../ui/icon.js';
import { turned } from './provider-values.js';
import { SaveFailure } from './save-failure.js';

interface ProviderStateProps {
  readonly stored: StoredProvider | null;
  /** With what is stored now; null after a removal. */
  readonly onChanged: (next: StoredProvider | null) => void;
  readonly onReload: () => Promise<void>;
}

/** Whether there is a provider and it is on; turns it on and off, and removes it. */
export function ProviderState({ stored, onChanged, onReload }: ProviderStateProps) {
  const { t, format } = useText();
  const [error, setError] = useState<unknown>(null);
  const [isPending, setPending] = useState(false);
  const change = async (work: () => Promise<StoredProvider | null>) => {
    setPending(true);
    setError(null);
    await work().then(onChanged, setError);
    setPending(false);
  };
  const state = stateOf(stored);
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-4">
        <div role="status" className="mr-auto min-w-0 flex-1 basis-64" data-state={state}>
          <p className="flex items-center gap-2 font-semibold">
            <Icon
              name={state === 'on' ? 'check' : 'minus'}
              className={`size-5 ${state === 'on' ? 'text-ok' : 'text-muted'}`}
            />
            {t(`sso.state.${state}`)}
          </p>
          <p className="mt-1 text-sm text-muted">
            {t(`sso.state.${state}Hint`, { label: stored?.settings.label ?? '' })}
          </p>
          {stored && (
            <p className="mt-1 text-xs text-muted">
              {t('sso.state.changed', { time: format.dateTime(stored.settings.updatedAt) })}
            </p>
          )}
        </div>
        {stored && (
          <div className="flex flex-wrap gap-2">
            <Button
              disabled={isPending}
              onClick={() => void change(() => saveProvider(turned(stored.settings, state === 'off'), stored.etag))}
            >
              {t(state === 'on' ? 'sso.turnOff' : 'sso.turnOn')}
            </Button>
            <ConfirmDialog
              trigger={
                <Button look="danger" disabled={isPending}>
                  {t('sso.remove')}
                </Button>
              }
              title={t('sso.removeTitle')}
              text={t('sso.removeText')}
              confirm={t('sso.remove')}
              keep={t('sso.removeKeep')}
              onConfirm={() => void change(() => removeProvider().then(() => null))}
            />
          </div>
        )}
      </div>
      {error !== null && (
        <div className="mt-4">
          <SaveFailure error={error} onReload={onReload} />
        </div>
      )}
    </Card>
  );
}

function stateOf(stored: StoredProvider | null): 'none' | 'on' | 'off' {
  if (stored === null) return 'none';
  return stored.settings.enabled ? 'on' : 'off';
}
