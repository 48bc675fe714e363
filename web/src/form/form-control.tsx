import { useText } from '../i18n/use-text.js';
import { Field, INPUT_CLASS } from '../ui/field.js';
import { FileDrop } from './file-drop.js';
import type { FormField } from './form-fields.js';
import { type FormFault, type FormValues, parseNumbers } from './form-values.js';

interface FormControlProps {
  readonly field: FormField;
  readonly value: FormValues[string];
  readonly fault: FormFault | undefined;
  readonly onChange: (value: FormValues[string]) => void;
}

/** The name of a field in the visitor's language; one we do not know keeps the name of the API. */
export function useFieldLabel(): (field: FormField) => string {
  const { t, has } = useText();
  return ({ name }) => {
    const key = `field.${name}`;
    return has(key) ? t(key) : name;
  };
}

/** One input of the form, by its kind. */
export function FormControl({ field, value, fault, onChange }: FormControlProps) {
  const { t, has, locale } = useText();
  const labelOf = useFieldLabel();
  const helpKey = `field.${field.name}.help`;
  const help = has(helpKey) ? t(helpKey) : (locale === 'en' && field.description) || undefined;
  const error = fault ? t(fault.key, fault.values) : null;
  const label = labelOf(field);
  if (field.kind === 'file') {
    return (
      <FileDrop
        label={label}
        rule={field.rule}
        file={value instanceof File ? value : null}
        error={error}
        onChange={onChange}
      />
    );
  }
  const text = typeof value === 'string' ? value : '';
  const note = field.isRequired ? undefined : t('field.optional');
  return (
    <Field label={label} note={note} help={help} error={error}>
      {(control) => {
        if (field.kind === 'number')
          return <NumberInput field={field} text={text} onChange={onChange} control={control} />;
        if (field.kind === 'numbers') return <NumbersInput text={text} onChange={onChange} control={control} />;
        if (field.kind === 'flag') {
          return (
            <input
              type="checkbox"
              {...control}
              checked={value === true}
              onChange={(e) => onChange(e.target.checked)}
              className="size-5 accent-accent-line"
            />
          );
        }
        if (field.kind === 'choice') {
          return (
            <select {...control} value={text} onChange={(e) => onChange(e.target.value)} className={INPUT_CLASS}>
              {field.options.map((option) => (
                <option key={option}>{option}</option>
              ))}
            </select>
          );
        }
        return (
          <input
            {...control}
            value={text}
            maxLength={field.maxLength ?? undefined}
            onChange={(e) => onChange(e.target.value)}
            className={INPUT_CLASS}
          />
        );
      }}
    </Field>
  );
}

interface TextControlProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly control: { id: string };
}

/** A slider beside the number when both ends are known. */
function NumberInput({
  field,
  text,
  onChange,
  control,
}: TextControlProps & { readonly field: FormField & { kind: 'number' } }) {
  const { min, max } = field;
  const number = (
    <input
      {...control}
      type="text"
      inputMode="decimal"
      value={text}
      onChange={(e) => onChange(e.target.value)}
      className={`${INPUT_CLASS} tabular-nums ${min !== null && max !== null ? 'max-w-24' : ''}`}
    />
  );
  if (min === null || max === null) return number;
  return (
    <div className="flex items-center gap-4">
      <input
        type="range"
        aria-hidden
        tabIndex={-1}
        min={min}
        max={max}
        step={field.isInteger ? 1 : (max - min) / 100}
        value={Number.isFinite(Number(text)) && text !== '' ? Number(text) : (min + max) / 2}
        onChange={(e) => onChange(e.target.value)}
        className="min-h-row min-w-0 flex-1 accent-accent-line"
      />
      {number}
    </div>
  );
}

function NumbersInput({ text, onChange, control }: TextControlProps) {
  const { t } = useText();
  const { values } = parseNumbers(text);
  return (
    <div className="relative">
      <textarea
        {...control}
        rows={8}
        value={text}
        spellCheck={false}
        onChange={(e) => onChange(e.target.value)}
        className={`${INPUT_CLASS} resize-y py-2 font-mono text-sm`}
      />
      <span aria-live="polite" className="absolute right-3 bottom-3 rounded-small bg-surface px-1.5 text-xs text-muted">
        {t('field.count', { count: values.length })}
      </span>
    </div>
  );
}
