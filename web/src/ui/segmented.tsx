import { type ReactNode, useId } from 'react';

interface SegmentedProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly {
    readonly value: Value;
    readonly label: string;
    readonly icon?: ReactNode;
    readonly lang?: string;
  }[];
  readonly onChange: (value: Value) => void;
}

/** A choice of a few, all visible. Behaves as radio buttons: arrow keys move. */
export function Segmented<Value extends string>({ label, value, options, onChange }: SegmentedProps<Value>) {
  const group = useId();
  return (
    <fieldset className="inline-flex w-fit rounded-control border border-line bg-bg p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          lang={option.lang}
          title={option.icon ? option.label : undefined}
          className="inline-flex min-h-8 items-center gap-1.5 rounded-[calc(var(--radius)*0.8)] px-2.5 text-sm text-muted hover:text-text has-checked:bg-accent-soft has-checked:font-medium has-checked:text-text has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-line"
        >
          <input
            type="radio"
            className="sr-only"
            name={group}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.icon}
          <span className={option.icon ? 'sr-only' : ''}>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
