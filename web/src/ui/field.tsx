import { type InputHTMLAttributes, type ReactNode, useId } from 'react';

/** Classes of a text input. */
export const INPUT_CLASS =
  'min-h-row w-full rounded-control border border-line bg-surface px-3 text-base sm:text-sm outline-offset-0 hover:border-muted aria-invalid:border-failed';

interface FieldProps {
  readonly label: string;
  readonly note?: string;
  readonly help?: string;
  readonly error?: string | null;
  /** Gets the ids that tie the control to its texts. */
  readonly children: (control: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
}

/** A label, a control, and what to know about it; errors are read out. */
export function Field({ label, note, help, error, children }: FieldProps) {
  const id = useId();
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {note && <span className="ml-1.5 font-normal text-muted">{note}</span>}
      </label>
      {children({
        id,
        ...(described ? { 'aria-describedby': described } : {}),
        ...(error ? { 'aria-invalid': true } : {}),
      })}
      {help && (
        <p id={`${id}-help`} className="text-xs leading-5 text-muted">
          {help}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-xs leading-5 text-failed">
          {error}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly help?: string;
  readonly error?: string | null;
}

/** One line of text. */
export function TextField({ label, help, error, ...input }: TextFieldProps) {
  return (
    <Field label={label} help={help} error={error}>
      {(control) => <input {...input} {...control} className={INPUT_CLASS} />}
    </Field>
  );
}
