import { type FormEvent, useState } from 'react';
import { ApiError } from '../api/client.js';
import { useText } from '../i18n/use-text.js';
import { challengeIn, signIn } from '../api/session.js';
import { Button } from './button.js';
import { TextField } from './field.js';
import { Icon } from './icon.js';
import { SecondFactorForm } from './second-factor-form.js';
import { useErrorText } from './states.js';

interface SignInFormProps {
  /** Undefined = an operator of the platform. */
  readonly tenant?: string;
  /** Where a forgotten password is replaced; undefined = nowhere here. */
  readonly forgotUrl?: string;
  /** Of a sign-in whose first step was taken elsewhere; null = none. */
  readonly challenge?: string | null;
  readonly onSignedIn: () => Promise<void>;
}

/** E-mail and password, then a code where the account asks for one. A wrong account and a wrong password look the same. */
export function SignInForm({ tenant, forgotUrl, challenge: given = null, onSignedIn }: SignInFormProps) {
  const { t } = useText();
  const errorText = useErrorText();
  const [error, setError] = useState<unknown>(null);
  const [isPending, setPending] = useState(false);
  const [challenge, setChallenge] = useState(given);
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
      setChallenge(challengeIn(failure));
      setError(failure);
    } finally {
      setPending(false);
    }
  };
  const begin = () => {
    setError(null);
    setChallenge(null);
  };
  if (challenge !== null) return <SecondFactorForm challenge={challenge} onSignedIn={onSignedIn} onBack={begin} />;
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
      {forgotUrl !== undefined && (
        <a
          href={forgotUrl}
          className="self-center text-sm font-medium text-accent-text underline-offset-4 hover:underline"
        >
          {t('login.forgot')}
        </a>
      )}
    </form>
  );
}
