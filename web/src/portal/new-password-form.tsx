import { type FormEvent, type ReactNode, useState } from 'react';
import { ApiError } from '../api/client.js';
import { type PortalText, useText } from '../i18n/use-text.js';
import { Button, buttonClass } from '../ui/button.js';
import { TextField } from '../ui/field.js';
import { Notice } from '../ui/notice.js';
import { useErrorText } from '../ui/states.js';

interface NewPasswordFormProps {
  readonly submitLabel: string;
  /** What to say when the link is used up or too old. */
  readonly invalidLink: string;
  /** Where to get another link. */
  readonly renewal?: { readonly href: string; readonly label: string };
  /** For whom: lets a password manager store it under the right name. */
  readonly email?: string;
  /** Throws ApiError; faults of the password are shown at its field. */
  readonly onSubmit: (password: string, form: FormData) => Promise<void>;
  readonly children?: ReactNode;
}

/** A password, typed twice, with its rules beside it. */
export function NewPasswordForm(props: NewPasswordFormProps) {
  const { submitLabel, invalidLink, renewal, email, onSubmit, children } = props;
  const { t } = useText();
  const errorText = useErrorText();
  const [error, setError] = useState<unknown>(null);
  const [differs, setDiffers] = useState(false);
  const [isPending, setPending] = useState(false);
  const [isShown, setShown] = useState(false);
  const fault = faultOfPassword(error, t);
  const isOver = error instanceof ApiError && error.status === 401;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const password = String(form.get('password'));
    const isSame = password === form.get('repeat');
    setError(null);
    setDiffers(!isSame);
    if (!isSame) return;
    setPending(true);
    await onSubmit(password, form).catch(setError);
    setPending(false);
  };
  const type = isShown ? 'text' : 'password';
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
      {children}
      {email && <input type="hidden" name="username" autoComplete="username" value={email} readOnly />}
      <TextField
        label={t('account.password')}
        help={t('account.password.rules')}
        error={fault}
        name="password"
        type={type}
        autoComplete="new-password"
        maxLength={200}
        required
      />
      <TextField
        label={t('account.password.repeat')}
        error={differs ? t('account.password.differs') : null}
        name="repeat"
        type={type}
        autoComplete="new-password"
        maxLength={200}
        required
      />
      <label className="flex items-center gap-2 text-sm">
        <input type="checkbox" checked={isShown} onChange={(event) => setShown(event.target.checked)} />
        {t('account.password.show')}
      </label>
      {isOver && <Notice kind="failed">{invalidLink}</Notice>}
      {error !== null && !isOver && fault === null && <Notice kind="failed">{errorText(error)}</Notice>}
      <Button look="primary" type="submit" disabled={isPending} className="mt-1 w-full">
        {isPending ? t('account.pending') : submitLabel}
      </Button>
      {isOver && renewal && (
        <a href={renewal.href} className={buttonClass('plain')}>
          {renewal.label}
        </a>
      )}
    </form>
  );
}

/** What is wrong with the password, in the reader's language where there is a text for it. */
function faultOfPassword(error: unknown, t: PortalText['t']): string | null {
  const problem = error instanceof ApiError ? error.problem : null;
  const fault = problem?.errors?.find(({ pointer }) => pointer === '/password');
  if (!fault) return null;
  return isFaultCode(fault.code) ? t(`password.fault.${fault.code}`) : fault.message;
}

const FAULT_CODES = [
  'password_length',
  'password_repeats',
  'password_sequence',
  'password_common',
  'password_own',
] as const;

function isFaultCode(code: string): code is (typeof FAULT_CODES)[number] {
  return (FAULT_CODES as readonly string[]).includes(code);
}
