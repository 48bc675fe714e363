import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { readRedirectUris } from '../api/identity-provider.js';
import { useText } from '../i18n/use-text.js';
import { Button } from '../ui/button.js';
import { Card } from '../ui/card.js';
import { Notice } from '../ui/notice.js';
import { Failure, Loading } from '../ui/states.js';

/** What an owner registers at the provider before anything else. */
export function RedirectAddresses() {
  const { t } = useText();
  const addresses = useQuery({ queryKey: ['identity-provider', 'redirect-uris'], queryFn: readRedirectUris });
  return (
    <Card title={t('sso.redirect')}>
      {addresses.isPending && <Loading className="h-12" />}
      {addresses.isError && <Failure error={addresses.error} onRetry={() => void addresses.refetch()} />}
      {addresses.data?.length === 0 && <Notice kind="warn">{t('sso.redirectNone')}</Notice>}
      {addresses.data && addresses.data.length > 0 && (
        <>
          <p className="mb-3 text-sm text-muted">{t('sso.redirectHelp')}</p>
          <ul className="flex flex-col gap-2">
            {addresses.data.map((address) => (
              <Address key={address} address={address} />
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function Address({ address }: { readonly address: string }) {
  const { t } = useText();
  const [isCopied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard.writeText(address).then(() => setCopied(true));
  return (
    <li className="flex flex-wrap items-center gap-2">
      <code className="min-w-0 flex-1 basis-64 rounded-control border border-line bg-bg px-3 py-2 font-mono text-xs leading-5 break-all">
        {address}
      </code>
      <Button onClick={copy} aria-label={t('sso.copyLabel', { address })}>
        {t(isCopied ? 'sso.copied' : 'sso.copy')}
      </Button>
      <span role="status" className="sr-only">
        {isCopied ? t('sso.copied') : ''}
      </span>
    </li>
  );
}
