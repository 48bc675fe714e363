import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { saveProvider, type StoredProvider } from '../api/identity-provider.js';
import { useText } from '../i18n/use-text.js';
import { Button } from '../ui/button.js';
import { Card } from '../ui/card.js';
import { TextField } from '../ui/field.js';
import { Notice } from '../ui/notice.js';
import { IssuerField } from './issuer-field.js';
import { MemberRules } from './member-rules.js';
import { type FieldFault, faultsIn, isUnusableIssuer } from './provider-faults.js';
import { type ProviderValues, valuesOf, wishOf } from './provider-values.js';
import { SaveFailure } from './save-failure.js';
import { useIssuerTest } from './use-issuer-test.js';

interface ProviderFormProps {
  readonly stored: StoredProvider | null;
  readonly onSaved: (next: StoredProvider) => void;
  readonly onReload: () => Promise<void>;
}

/** The provider, what proves this tenant to it, and whom it may bring in. */
export function ProviderForm({ stored, onSaved, onReload }: ProviderFormProps) {
  const { t } = useText();
  const form = useProviderForm(stored, onSaved);
  const { values, change, error, errorOf, test } = form;
  const hasFieldFaults = Object.keys(faultsIn(error)).length > 0;
  const isSecretNeeded = stored === null || stored.settings.issuer !== values.issuer.trim();
  return (
    <form noValidate onSubmit={(event) => void form.submit(event)} className="flex flex-col gap-6">
      <Card title={t('sso.provider')}>
        <div className="flex flex-col gap-6">
          <IssuerField
            value={values.issuer}
            error={errorOf('issuer')}
            test={test}
            hasTrusted={values.trustedEmailDomains.trim() !== ''}
            onChange={(issuer) => change({ issuer })}
          />
          <TextField
            label={t('sso.clientId')}
            error={errorOf('clientId')}
            name="clientId"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={255}
            required
            value={values.clientId}
            onChange={(event) => change({ clientId: event.target.value })}
          />
          <TextField
            label={t('sso.secret')}
            help={t(stored ? 'sso.secret.stored' : 'sso.secret.none')}
            error={errorOf('clientSecret')}
            name="clientSecret"
            type="password"
            autoComplete="new-password"
            maxLength={1000}
            required={isSecretNeeded}
            value={values.clientSecret}
            onChange={(event) => change({ clientSecret: event.target.value })}
          />
          <TextField
            label={t('sso.label')}
            help={t('sso.labelHelp')}
            error={errorOf('label')}
            name="label"
            autoComplete="off"
            maxLength={40}
            value={values.label}
            onChange={(event) => change({ label: event.target.value })}
          />
        </div>
      </Card>
      <MemberRules values={values} errorOf={errorOf} onChange={change} />
      {error !== null && !hasFieldFaults && <SaveFailure error={error} onReload={onReload} />}
      {form.isSaved && <Notice kind="ok">{t('sso.saved')}</Notice>}
      <Button look="primary" type="submit" disabled={form.isPending} className="sm:self-start sm:px-8">
        {t(form.isPending ? 'sso.saving' : 'sso.save')}
      </Button>
    </form>
  );
}

function useProviderForm(stored: StoredProvider | null, onSaved: ProviderFormProps['onSaved']) {
  const { t } = useText();
  const queries = useQueryClient();
  const test = useIssuerTest();
  const [values, setValues] = useState(() => valuesOf(stored?.settings ?? null));
  const [error, setError] = useState<unknown>(null);
  const [isPending, setPending] = useState(false);
  const [isSaved, setSaved] = useState(false);
  const change = (part: Partial<ProviderValues>) => {
    setValues({ ...values, ...part });
    setSaved(false);
    if (part.issuer !== undefined) test.reset();
  };
  const save = async () => {
    const wish = wishOf(values, stored?.settings.enabled ?? true);
    try {
      const next = await saveProvider(wish, stored?.etag ?? null);
      setValues(valuesOf(next.settings));
      setSaved(true);
      onSaved(next);
      void queries.invalidateQueries({ queryKey: ['sign-in-methods'] });
    } catch (failure) {
      setError(failure);
      if (isUnusableIssuer(failure)) void test.run(wish.issuer);
    }
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setPending(true);
    setError(null);
    setSaved(false);
    await save();
    setPending(false);
  };
  const textOf = (fault: FieldFault) => ('key' in fault ? t(fault.key) : fault.message);
  const errorOf = (field: keyof ProviderValues) => {
    const fault = faultsIn(error)[field];
    return fault ? textOf(fault) : null;
  };
  return { values, change, error, errorOf, test, submit, isPending, isSaved };
}
