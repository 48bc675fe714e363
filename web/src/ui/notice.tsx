import type { ReactNode } from 'react';
import { Icon } from './icon.js';

/** A message of a form that belongs to no single field. A failure interrupts who listens, the others wait their turn. */
export function Notice({ kind, children }: { readonly kind: 'failed' | 'ok' | 'warn'; readonly children: ReactNode }) {
  const looks = {
    failed: 'border-failed/40 text-failed',
    ok: 'border-ok/40 text-ok',
    warn: 'border-warn/40 text-warn',
  };
  return (
    <p
      role={kind === 'failed' ? 'alert' : 'status'}
      className={`flex items-start gap-2 rounded-control border p-3 text-sm ${looks[kind]}`}
    >
      <Icon name={kind === 'ok' ? 'check' : 'alert'} className="mt-0.5 size-4.5 shrink-0" />
      <span>{children}</span>
    </p>
  );
}
