import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useMemo, useState } from 'react';
import type { Analyzer } from '../api/types.js';
import { FormControl, useFieldLabel } from '../form/form-control.js';
import { formShape } from '../form/form-fields.js';
import { type FormFault, initialValues, readForm } from '../form/form-values.js';
import { useText } from '../i18n/use-text.js';
import { Button } from '../ui/button.js';
import { Card } from '../ui/card.js';
import { Icon } from '../ui/icon.js';
import { Segmented } from '../ui/segmented.js';
import { useErrorText } from '../ui/states.js';
import { createJob, newIdempotencyKey } from './create-job.js';

/** The form of one analyzer, built from its input schema. */
export function NewJobForm({ analyzer }: { readonly analyzer: Analyzer }) {
  const { t } = useText();
  const labelOf = useFieldLabel();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const shape = useMemo(() => formShape(analyzer.inputSchema), [analyzer]);
  const [source, setSource] = useState(shape.alternatives[0]?.name ?? '');
  const [values, setValues] = useState(() => initialValues([...shape.alternatives, ...shape.fields]));
  const [faults, setFaults] = useState<Readonly<Record<string, FormFault>>>({});
  const [key, setKey] = useState(newIdempotencyKey);
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const fields = [...shape.alternatives.filter((f) => f.name === source), ...shape.fields];

  const change = (name: string, value: (typeof values)[string]) => {
    setValues({ ...values, [name]: value });
    setFaults(Object.fromEntries(Object.entries(faults).filter(([field]) => field !== name)));
    setKey(newIdempotencyKey());
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = readForm(fields, values);
    if (!outcome.ok) return setFaults(outcome.faults);
    setPending(true);
    setError(null);
    try {
      const job = await createJob({
        analyzer: analyzer.slug,
        input: outcome.input,
        files: outcome.files,
        idempotencyKey: key,
      });
      await navigate({ to: '/jobs/$id', params: { id: job.id } });
    } catch (failure) {
      setError(failure);
      setPending(false);
    }
  };
  return (
    <Card>
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-6">
        {shape.alternatives.length > 1 && (
          <Segmented
            label={t('new.source')}
            value={source}
            options={shape.alternatives.map((field) => ({ value: field.name, label: labelOf(field) }))}
            onChange={setSource}
          />
        )}
        {fields.map((field) => (
          <FormControl
            key={field.name}
            field={field}
            value={values[field.name] ?? null}
            fault={faults[field.name]}
            onChange={(value) => change(field.name, value)}
          />
        ))}
        {error !== null && (
          <p role="alert" className="flex items-start gap-2 text-sm text-failed">
            <Icon name="alert" className="mt-px size-4.5 shrink-0" />
            <span>
              <span className="font-medium">{t('new.failed')}</span> {errorText(error)}
            </span>
          </p>
        )}
        <Button look="primary" type="submit" disabled={isPending} className="sm:self-start sm:px-8">
          {t(isPending ? 'new.pending' : 'new.submit')}
        </Button>
      </form>
    </Card>
  );
}
