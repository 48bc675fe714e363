import { useQuery } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import { useText } from '../i18n/use-text.js';
import { buttonClass } from '../ui/button.js';
import { useWorkplace } from './workplace.js';

/** The tenant's own identity provider, when it has one. A link: the browser leaves this page. */
export function ProviderButton() {
  const { t } = useText();
  const { slug, base } = useWorkplace().workplace;
  const methods = useQuery({
    queryKey: ['sign-in-methods', slug],
    queryFn: () => read(api.GET('/v1/auth/sign-in-methods', { params: { query: { tenant: slug } } })),
    retry: false, // without an answer the password is left
  });
  const provider = methods.data?.oidc;
  if (!provider) return null;
  const path = location.pathname.slice(base.length) || '/';
  const url = `${provider.url}?${new URLSearchParams({ returnTo: path === '/login' ? '/' : path })}`;
  return (
    <div className="mb-6 flex flex-col gap-6">
      <a href={url} className={`${buttonClass('plain')} w-full`}>
        {t('login.sso', { label: provider.label })}
      </a>
      <p className="flex items-center gap-3 text-xs text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {t('login.or')}
      </p>
    </div>
  );
}
