import type { ButtonHTMLAttributes } from 'react';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';

const LOOKS: Readonly<Record<Look, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover font-semibold shadow-sm disabled:hover:bg-accent',
  plain: 'bg-surface border border-line hover:border-accent-line font-medium',
  quiet: 'text-muted hover:text-text hover:bg-accent-soft font-medium',
  danger: 'border border-failed/40 text-failed hover:bg-failed/10 font-medium bg-surface',
};

/** Classes of a button, for links that look like one. */
export function buttonClass(look: Look = 'plain'): string {
  return `inline-flex min-h-row items-center justify-center gap-2 rounded-control px-4 text-sm transition-colors disabled:opacity-60 ${LOOKS[look]}`;
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: Look;
}

/** A button; never submits a form unless it says so. */
export function Button({ look = 'plain', className = '', type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={`${buttonClass(look)} ${className}`} {...rest} />;
}
