import { type FormEvent, useState } from 'react';
import { ApiError } from '../api/client.js';
import { answerSecondFactor } from '../api/session.js';
import { useText } from '../i18n/use-text.js';
import { Button } from './button.js';
import { TextField } from './field.js';
import { useErrorText } from './states.js';

interface SecondFactorFormProps {
  /** What the first step answered. */
  readonly challenge: string;
  readonly onSignedIn: () => Promise<void>;
  /** Begins again with the password. */
  readonly onBack: () => void;
}

/** The second step of a sign-in: a code of the app, or a recovery code. */
export function SecondFactorForm({ challenge, onSignedIn, onBack }: SecondFactorFormProps) {
  const { t } = useText();
  const errorText = useErrorText();
  const [error, setError] = useState<unknown>(null);
  const [isPending, setPending] = useState(false);
  const textOf = (failure: unknown) => {
    if (!(failure instanceof ApiError)) return errorText(failure);
    if (failure.status === 401 || failure.status === 422) return t('login.code.wrong');
    if (failure.status === 429) return t('login.throttled', { seconds: failure.problem?.retryAfter ?? 60 });
    return errorText(failure);
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code')).trim();
    setPending(true);
    setError(null);
    try {
      await answerSecondFactor(challenge, code);
      await onSignedIn();
    } catch (failure) {
      setError(failure);
    } finally {
      setPending(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
      <TextField
        label={t('login.code')}
        help={t('login.code.note')}
        error={error === null ? null : textOf(error)}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={40}
        required
        autoFocus
      />
      <Button look="primary" type="submit" disabled={isPending} className="mt-1 w-full">
        {t(isPending ? 'login.pending' : 'login.code.submit')}
      </Button>
      <Button look="quiet" onClick={onBack}>
        {t('login.back')}
      </Button>
    </form>
  );
}
