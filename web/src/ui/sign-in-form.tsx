import { type FormEvent, useState } from 'react';
import { ApiError } from '../api/client.js';
import { useText } from '../i18n/use-text.js';
import { signIn } from '../api/session.js';
import { Button } from './button.js';
import { TextField } from './field.js';
import { Icon } from './icon.js';
import { useErrorText } from './states.js';

interface SignInFormProps {
  /** Undefined = an operator of the platform. */
  readonly tenant?: string;
  readonly onSignedIn: () => Promise<void>;
}

/** E-mail and password. A wrong account and a wrong password look the same. */
export function SignInForm({ tenant, onSignedIn }: SignInFormProps) {
  const { t } = useText();
  const errorText = useErrorText();
  const [error, setError] = useState<unknown>(null);
  const [isPending, setPending] = useState(false);
  const textOf = (failure: unknown) => {
    if (!(failure instanceof ApiError)) return errorText(failure);
    if (failure.status === 401 || failure.status === 422) return t('login.wrong');
    if (failure.status === 429) return t('login.throttled', { seconds: failure.problem?.retryAfter ?? 60 });
    return errorText(failure);
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setPending(true);
    setError(null);
    try {
      await signIn(tenant, String(form.get('email')).trim(), String(form.get('password')));
      await onSignedIn();
    } catch (failure) {
      setError(failure);
    } finally {
      setPending(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
      <TextField label={t('login.email')} name="email" type="email" autoComplete="username" required autoFocus />
      <TextField label={t('login.password')} name="password" type="password" autoComplete="current-password" required />
      {error !== null && (
        <p role="alert" className="flex items-center gap-2 text-sm text-failed">
          <Icon name="alert" className="size-4.5 shrink-0" />
          {textOf(error)}
        </p>
      )}
      <Button look="primary" type="submit" disabled={isPending} className="mt-1 w-full">
        {t(isPending ? 'login.pending' : 'login.submit')}
      </Button>
    </form>
  );
}
