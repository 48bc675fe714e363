import { useSessionChange } from '../api/session.js';
import { useText } from '../i18n/use-text.js';
import { Notice } from '../ui/notice.js';
import { SignInForm } from '../ui/sign-in-form.js';
import { FrontDoor } from './front-door.js';
import { ProviderButton } from './provider-button.js';
import type { ReturnedVisit } from './returned-visit.js';
import { useWorkplace } from './workplace.js';

interface SignInPageProps {
  /** Somebody is signed in, but not to this tenant. */
  readonly isForeign: boolean;
  readonly visit: ReturnedVisit;
}

/** The tenant's front door: its identity provider, when it has one, and the password. */
export function SignInPage({ isForeign, visit }: SignInPageProps) {
  const { t } = useText();
  const { workplace } = useWorkplace();
  const { refresh } = useSessionChange();
  const { refusal, challenge } = visit;
  return (
    <FrontDoor title={t('login.title')} note={t('login.note')}>
      {isForeign && (
        <div className="mb-6">
          <Notice kind="warn">{t('login.otherTenant')}</Notice>
        </div>
      )}
      {refusal && (
        <div className="mb-6">
          <Notice kind="failed">{t(`login.sso.${refusal}`)}</Notice>
        </div>
      )}
      {challenge === null && <ProviderButton />}
      <SignInForm
        tenant={workplace.slug}
        forgotUrl={`${workplace.base}/new-password`}
        challenge={challenge}
        onSignedIn={refresh}
      />
    </FrontDoor>
  );
}
