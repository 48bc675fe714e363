import { type FormEvent, useState } from 'react';
import { requestPasswordLink, resetPassword } from '../api/account.js';
import { useText } from '../i18n/use-text.js';
import { Button, buttonClass } from '../ui/button.js';
import { TextField } from '../ui/field.js';
import { Notice } from '../ui/notice.js';
import { useErrorText } from '../ui/states.js';
import { FrontDoor } from './front-door.js';
import { NewPasswordForm } from './new-password-form.js';
import { useWorkplace } from './workplace.js';

/** For whoever forgot the password: asks for a link, or with a link sets a new one. */
export function NewPasswordPage({ token }: { readonly token: string }) {
  return token === '' ? <RequestLink /> : <SetPassword token={token} />;
}

function RequestLink() {
  const { t } = useText();
  const { slug } = useWorkplace().workplace;
  const errorText = useErrorText();
  const [state, setState] = useState<'idle' | 'pending' | 'sent'>('idle');
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get('email')).trim();
    setState('pending');
    setError(null);
    try {
      await requestPasswordLink(slug, email);
      setState('sent');
    } catch (failure) {
      setError(failure);
      setState('idle');
    }
  };
  return (
    <FrontDoor title={t('newPassword.title')} note={t('newPassword.request')}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
        <TextField
          label={t('login.email')}
          name="email"
          type="email"
          autoComplete="username"
          error={error === null ? null : errorText(error)}
          required
          autoFocus
        />
        {state === 'sent' && <Notice kind="ok">{t('newPassword.sent')}</Notice>}
        <Button look="primary" type="submit" disabled={state === 'pending'} className="mt-1 w-full">
          {t('newPassword.send')}
        </Button>
        <ToSignIn />
      </form>
    </FrontDoor>
  );
}

function SetPassword({ token }: { readonly token: string }) {
  const { t } = useText();
  const { base } = useWorkplace().workplace;
  const [isDone, setDone] = useState(false);
  return (
    <FrontDoor title={t('newPassword.title')} note={t('newPassword.choose')}>
      {isDone ? (
        <div className="flex flex-col gap-5">
          <Notice kind="ok">{t('newPassword.done')}</Notice>
          <ToSignIn />
        </div>
      ) : (
        <NewPasswordForm
          submitLabel={t('newPassword.submit')}
          invalidLink={t('newPassword.invalid')}
          renewal={{ href: `${base}/new-password`, label: t('newPassword.again') }}
          onSubmit={async (password) => {
            await resetPassword(token, password);
            setDone(true);
          }}
        />
      )}
    </FrontDoor>
  );
}

function ToSignIn() {
  const { t } = useText();
  const { base } = useWorkplace().workplace;
  return (
    <a href={`${base}/login`} className={buttonClass('quiet')}>
      {t('account.toSignIn')}
    </a>
  );
}
