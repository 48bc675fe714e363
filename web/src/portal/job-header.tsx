import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { isTerminal, type Job, type JobStatus, type Transition } from '../api/types.js';
import { type PortalText, useText } from '../i18n/use-text.js';
import { stageRows } from '../timeline/stage-rows.js';
import { useNow } from '../timeline/use-now.js';
import { Button, buttonClass } from '../ui/button.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { Icon } from '../ui/icon.js';
import { StatusBadge } from '../ui/status-badge.js';
import { useAnalyzers, useAnalyzerText } from './catalog.js';

interface JobHeaderProps {
  readonly job: Job;
  readonly status: JobStatus;
  readonly rows: readonly Transition[];
  readonly onChanged: () => void;
}

/** What the job is, how it stands, and what can be done about it. */
export function JobHeader({ job, status, rows, onChanged }: JobHeaderProps) {
  const { t, format } = useText();
  const analyzer = useAnalyzers().data?.find((a) => a.slug === job.analyzer);
  const textOf = useAnalyzerText();
  const isLive = !isTerminal(status);
  const { totalMs } = stageRows(rows, useNow(isLive));
  const wait = isLive ? waitText(job, t) : null;
  return (
    <div className="flex flex-wrap items-start gap-4">
      <div className="mr-auto min-w-0">
        <Link to="/jobs" className="mb-2 inline-flex items-center gap-1.5 text-sm text-muted hover:text-text">
          <Icon name="arrow" className="size-4 rotate-180" />
          {t('nav.jobs')}
        </Link>
        <h1 className="flex flex-wrap items-center gap-x-3 gap-y-2 text-2xl font-bold">
          {textOf(job.analyzer, analyzer).label}
          <StatusBadge status={status} />
        </h1>
        <p className="mt-2 text-sm text-muted">
          <span role="status" aria-live="polite">
            {t(`status.help.${status}`)}
          </span>{' '}
          {wait && <span>{wait} </span>}
          <span className="tabular-nums">{t('job.total', { duration: format.duration(totalMs) })}</span>
        </p>
      </div>
      {status === 'queued' || status === 'running' ? (
        <CancelButton id={job.id} onChanged={onChanged} />
      ) : (
        !isLive && (
          <Link to="/new/$analyzer" params={{ analyzer: job.analyzer }} className={buttonClass('plain')}>
            <Icon name="plus" className="size-4.5" />
            {t('job.again')}
          </Link>
        )
      )}
    </div>
  );
}

function waitText({ queue }: Job, t: PortalText['t']): string | null {
  if (!queue) return null;
  const place = queue.tenantPosition ? `${t('queue.position', { position: queue.tenantPosition })}. ` : '';
  const reason = queue.reason
    ? t(`queue.reason.${queue.reason}`, { filled: queue.batch?.filled ?? 0, target: queue.batch?.target ?? 0 })
    : '';
  return `${place}${reason}` || null;
}

function CancelButton({ id, onChanged }: { readonly id: string; readonly onChanged: () => void }) {
  const { t } = useText();
  const [hasFailed, setFailed] = useState(false);
  const cancel = () => {
    setFailed(false);
    read(api.POST('/v1/jobs/{id}/cancel', { params: { path: { id } } }))
      .catch(() => setFailed(true))
      .finally(onChanged);
  };
  return (
    <div className="flex flex-col items-end gap-2">
      <ConfirmDialog
        trigger={<Button look="plain">{t('job.cancel')}</Button>}
        title={t('job.cancelTitle')}
        text={t('job.cancelText')}
        confirm={t('job.cancel')}
        keep={t('job.cancelKeep')}
        onConfirm={cancel}
      />
      {hasFailed && (
        <p role="alert" className="max-w-56 text-right text-xs text-failed">
          {t('job.cancelFailed')}
        </p>
      )}
    </div>
  );
}
