import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../api/client.js';
import { readProvider, type StoredProvider } from '../api/identity-provider.js';
import { useText } from '../i18n/use-text.js';
import { Notice } from '../ui/notice.js';
import { Empty, Failure, Loading } from '../ui/states.js';
import { ProviderForm } from './provider-form.js';
import { ProviderState } from './provider-state.js';
import { RedirectAddresses } from './redirect-addresses.js';

const PROVIDER = ['identity-provider'] as const;

/** Where owners set the identity provider of their tenant up. */
export function SignInSettingsPage() {
  const { t } = useText();
  const stored = useQuery({ queryKey: PROVIDER, queryFn: readProvider, staleTime: Infinity, gcTime: 0 });
  const isForbidden = stored.error instanceof ApiError && stored.error.status === 403;
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-6">
      <div>
        <h1 className="text-2xl font-bold">{t('sso.title')}</h1>
        <p className="mt-2 leading-7 text-muted">{t('sso.lead')}</p>
      </div>
      {stored.isPending && <Loading className="h-96" />}
      {isForbidden && <Empty icon="ban" title={t('sso.forbidden')} hint={t('sso.forbiddenHint')} />}
      {stored.isError && !isForbidden && <Failure error={stored.error} onRetry={() => void stored.refetch()} />}
      {stored.isSuccess && <Settings stored={stored.data} onReload={async () => void (await stored.refetch())} />}
    </div>
  );
}

interface SettingsProps {
  readonly stored: StoredProvider | null;
  readonly onReload: () => Promise<void>;
}

function Settings({ stored, onReload }: SettingsProps) {
  const { t } = useText();
  const queries = useQueryClient();
  const [edition, setEdition] = useState(0); // another one is another form, which begins with what is stored
  const [isRemoved, setRemoved] = useState(false);
  const keep = (next: StoredProvider | null) => {
    queries.setQueryData(PROVIDER, next);
    setRemoved(next === null);
    if (next === null) setEdition(edition + 1);
  };
  const reload = async () => {
    await onReload();
    setEdition(edition + 1);
  };
  return (
    <>
      {isRemoved && <Notice kind="ok">{t('sso.removed')}</Notice>}
      <ProviderState stored={stored} onChanged={keep} onReload={reload} />
      <RedirectAddresses />
      <ProviderForm key={edition} stored={stored} onSaved={keep} onReload={reload} />
    </>
  );
}
