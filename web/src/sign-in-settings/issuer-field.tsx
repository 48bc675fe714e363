import { useText } from '../i18n/use-text.js';
import { Button } from '../ui/button.js';
import { TextField } from '../ui/field.js';
import { Notice } from '../ui/notice.js';
import { useErrorText } from '../ui/states.js';
import { faultsIn } from './provider-faults.js';
import type { IssuerTest } from './use-issuer-test.js';

interface IssuerFieldProps {
  readonly value: string;
  readonly error: string | null;
  readonly test: IssuerTest;
  /** Whether domains are trusted already, for a provider that does not speak of verified addresses. */
  readonly hasTrusted: boolean;
  readonly onChange: (issuer: string) => void;
}

/** The address of the provider, and whether it answers as one. */
export function IssuerField({ value, error, test, hasTrusted, onChange }: IssuerFieldProps) {
  const { t } = useText();
  return (
    <div className="flex flex-col gap-3">
      <TextField
        label={t('sso.issuer')}
        help={t('sso.issuerHelp')}
        error={error}
        name="issuer"
        type="url"
        inputMode="url"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={2048}
        required
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <Button
        className="self-start"
        disabled={test.isPending || value.trim() === ''}
        onClick={() => void test.run(value.trim())}
      >
        {t(test.isPending ? 'sso.testing' : 'sso.test')}
      </Button>
      <TestOutcome test={test} hasTrusted={hasTrusted} onUse={onChange} />
    </div>
  );
}

interface TestOutcomeProps extends Pick<IssuerFieldProps, 'test' | 'hasTrusted'> {
  readonly onUse: (issuer: string) => void;
}

function TestOutcome({ test, hasTrusted, onUse }: TestOutcomeProps) {
  const { t } = useText();
  const errorText = useErrorText();
  const { report, error } = test;
  if (error !== null) {
    const { issuer: fault } = faultsIn(error);
    return <Notice kind="failed">{fault && 'key' in fault ? t(fault.key) : errorText(error)}</Notice>;
  }
  if (report === null) return null;
  const { fault, issuer } = report;
  return (
    <div className="flex flex-col items-start gap-3">
      {fault === null ? (
        <Notice kind="ok">{t('sso.test.ok')}</Notice>
      ) : (
        <Notice kind="failed">
          {t(`sso.test.${fault}`)} {issuer && <span className="break-all">{t('sso.test.named', { issuer })}</span>}
        </Notice>
      )}
      {fault === 'other_issuer' && issuer && <Button onClick={() => onUse(issuer)}>{t('sso.test.use')}</Button>}
      {fault === null && report.sendsEmailVerified === false && !hasTrusted && (
        <Notice kind="warn">{t('sso.test.silent')}</Notice>
      )}
    </div>
  );
}
