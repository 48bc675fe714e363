import type { JobStatus } from '../api/types.js';
import { useText } from '../i18n/use-text.js';
import { Icon, type IconName } from './icon.js';

const LOOKS: Readonly<Record<JobStatus, { icon: IconName; className: string }>> = {
  queued: { icon: 'clock', className: 'text-queued border-queued/40' },
  running: { icon: 'spinner', className: 'text-running border-running/40' },
  canceling: { icon: 'spinner', className: 'text-canceled border-canceled/40' },
  succeeded: { icon: 'check', className: 'text-ok border-ok/40' },
  failed: { icon: 'alert', className: 'text-failed border-failed/40' },
  canceled: { icon: 'ban', className: 'text-canceled border-canceled/40' },
  expired: { icon: 'clock', className: 'text-warn border-warn/40' },
};

/** Status of a job: icon, word and a color of its own, never the brand's. */
export function StatusBadge({ status }: { readonly status: JobStatus }) {
  const { t } = useText();
  const { icon, className } = LOOKS[status];
  return (
    <span
      data-status={status}
      className={`inline-flex items-center gap-1.5 rounded-pill border bg-surface px-2.5 py-0.5 text-sm font-medium whitespace-nowrap ${className}`}
    >
      <Icon name={icon} className={`size-4 ${icon === 'spinner' ? 'animate-spin-slow' : ''}`} />
      {t(`status.${status}`)}
    </span>
  );
}
