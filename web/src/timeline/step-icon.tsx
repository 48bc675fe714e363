import { Icon, type IconName } from '../ui/icon.js';
import type { StepStatus } from './stage-rows.js';

const LOOKS: Readonly<Record<StepStatus, { icon: IconName; className: string }>> = {
  pending: { icon: 'dot', className: 'text-muted opacity-60' },
  active: { icon: 'spinner', className: 'text-running animate-spin-slow' },
  completed: { icon: 'check', className: 'text-ok' },
  failed: { icon: 'alert', className: 'text-failed' },
  skipped: { icon: 'minus', className: 'text-muted' },
  canceled: { icon: 'ban', className: 'text-canceled' },
};

/** The mark in front of a step; the word beside it says the same. */
export function StepIcon({ status }: { readonly status: StepStatus }) {
  const { icon, className } = LOOKS[status];
  return <Icon name={icon} className={`size-4.5 shrink-0 ${className}`} />;
}
