import { useId } from 'react';
import { useText } from '../i18n/use-text.js';
import { Card } from '../ui/card.js';
import { Field, INPUT_CLASS } from '../ui/field.js';
import { GRANTABLE_ROLES, type GrantableRole, type ProviderValues } from './provider-values.js';

interface MemberRulesProps {
  readonly values: ProviderValues;
  readonly errorOf: (field: keyof ProviderValues) => string | null;
  readonly onChange: (part: Partial<ProviderValues>) => void;
}

/** Whom the provider may bring in, and what they may do. */
export function MemberRules({ values, errorOf, onChange }: MemberRulesProps) {
  const { t } = useText();
  return (
    <Card title={t('sso.who')}>
      <div className="flex flex-col gap-6">
        <Domains
          label={t('sso.allowed')}
          help={t('sso.allowedHelp')}
          error={errorOf('allowedDomains')}
          value={values.allowedDomains}
          onChange={(allowedDomains) => onChange({ allowedDomains })}
        />
        <Domains
          label={t('sso.trusted')}
          help={t('sso.trustedHelp')}
          error={errorOf('trustedEmailDomains')}
          value={values.trustedEmailDomains}
          onChange={(trustedEmailDomains) => onChange({ trustedEmailDomains })}
        />
        <NewMembers values={values} errorOf={errorOf} onChange={onChange} />
      </div>
    </Card>
  );
}

interface DomainsProps {
  readonly label: string;
  readonly help: string;
  readonly error: string | null;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

function Domains({ label, help, error, value, onChange }: DomainsProps) {
  const { t } = useText();
  return (
    <Field label={label} note={t('field.optional')} help={help} error={error}>
      {(control) => (
        <textarea
          {...control}
          rows={3}
          autoCapitalize="none"
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={`${INPUT_CLASS} py-2 font-mono leading-6`}
        />
      )}
    </Field>
  );
}

function NewMembers({ values, errorOf, onChange }: MemberRulesProps) {
  const { t } = useText();
  const help = useId();
  return (
    <>
      <div className="flex flex-col gap-1.5">
        <label className="flex items-start gap-2 text-sm">
          <input
            type="checkbox"
            checked={values.createMembers}
            aria-describedby={help}
            onChange={(event) => onChange({ createMembers: event.target.checked })}
            className="mt-0.5 size-4.5 shrink-0 accent-accent-line"
          />
          {t('sso.create')}
        </label>
        <p id={help} className="text-xs leading-5 text-muted">
          {t('sso.createHelp')}
        </p>
      </div>
      {values.createMembers && (
        <Field label={t('sso.role')} error={errorOf('defaultRole')}>
          {(control) => (
            <select
              {...control}
              value={values.defaultRole}
              onChange={(event) => onChange({ defaultRole: event.target.value as GrantableRole })}
              className={`${INPUT_CLASS} sm:max-w-60`}
            >
              {GRANTABLE_ROLES.map((role) => (
                <option key={role} value={role}>
                  {t(`sso.role.${role}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </>
  );
}
