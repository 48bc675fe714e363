import { type DragEvent, useEffect, useId, useRef, useState } from 'react';
import type { MessageKey } from '../i18n/ko.js';
import { useText } from '../i18n/use-text.js';
import { buttonClass } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import type { FileRule } from './form-fields.js';
import { fileFault } from './form-values.js';

interface FileDropProps {
  readonly label: string;
  readonly rule: FileRule;
  readonly file: File | null;
  readonly error: string | null;
  readonly onChange: (file: File | null) => void;
}

const typeNames = (accept: readonly string[]) =>
  [...new Set(accept.map((type) => (type.split('/')[1] ?? type).replace('plain', 'txt').toUpperCase()))].join(', ');

/** An address of the picture's bytes for as long as it is shown. */
function usePreview(file: File | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!file?.type.startsWith('image/')) return setUrl(null);
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url;
}

/** Takes one file by drop, by click or by keyboard, and shows what was taken. */
export function FileDrop({ label, rule, file, error, onChange }: FileDropProps) {
  const { t, format } = useText();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [fault, setFault] = useState<MessageKey | null>(null);
  const preview = usePreview(file);
  const limits = { types: typeNames(rule.accept), size: format.bytes(rule.maxBytes) };
  const take = (chosen: File | undefined) => {
    if (!chosen) return;
    const found = fileFault(chosen, rule.accept, rule.maxBytes);
    setFault(found);
    onChange(found ? null : chosen);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  const message = fault ? t(fault, limits) : error;
  return (
    <div className="flex flex-col gap-1.5">
      <span id={id} className="text-sm font-medium">
        {label}
      </span>
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={`flex min-h-56 flex-col items-center justify-center gap-3 rounded-card border-2 border-dashed p-5 text-center transition-colors has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-line ${isOver ? 'border-accent-line bg-accent-soft' : message ? 'border-failed' : 'border-line bg-bg'}`}
      >
        {preview && (
          <img
            src={preview}
            alt={t('file.preview')}
            className="max-h-64 max-w-full rounded-small border border-line object-contain"
          />
        )}
        {file ? (
          <p className="flex flex-wrap items-center justify-center gap-x-2 text-sm font-medium">
            <Icon name="check" className="size-4.5 text-ok" />
            {file.name} <span className="font-normal text-muted">{format.bytes(file.size)}</span>
          </p>
        ) : (
          <>
            <Icon name="upload" className="size-8 text-accent-text" />
            <p className="text-sm font-medium">{t('file.drop')}</p>
          </>
        )}
        <label className={`${buttonClass('plain')} ${file ? 'text-muted' : ''}`}>
          {t(file ? 'file.change' : 'file.browse')}
          <input
            ref={input}
            type="file"
            className="sr-only"
            accept={[...rule.accept, ...(rule.accept.includes('text/csv') ? ['.csv', '.txt'] : [])].join(',')}
            aria-labelledby={id}
            aria-invalid={message ? true : undefined}
            aria-describedby={`${id}-note`}
            onChange={(event) => take(event.target.files?.[0])}
          />
        </label>
        <p id={`${id}-note`} className="text-xs text-muted">
          {t('file.limits', limits)}
        </p>
      </div>
      {message && (
        <p role="alert" className="text-xs leading-5 text-failed">
          {message}
        </p>
      )}
    </div>
  );
}
