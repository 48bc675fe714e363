import { Link, useParams } from '@tanstack/react-router';
import { ApiError } from '../api/client.js';
import { useText } from '../i18n/use-text.js';
import { useLiveJob } from '../timeline/use-live-job.js';
import { Timeline } from '../timeline/timeline.js';
import { Receipt } from '../timeline/receipt.js';
import { buttonClass } from '../ui/button.js';
import { Card } from '../ui/card.js';
import { Facts } from '../ui/facts.js';
import { Icon } from '../ui/icon.js';
import { Empty, Failure, Loading } from '../ui/states.js';
import { JobHeader } from './job-header.js';
import { JobOutcome } from './job-outcome.js';
import { useBrandAnalyzer } from './workplace.js';

/** One job: the address is the job, the state comes from the server, the stream only patches it. */
export function JobPage() {
  const { t, locale, format } = useText();
  const { id } = useParams({ from: '/jobs/$id' });
  const live = useLiveJob(id);
  const { job, rows, status } = live;
  const brandStages = useBrandAnalyzer(job?.analyzer)?.stages;
  if (live.error instanceof ApiError && live.error.status === 404) {
    return (
      <Empty icon="alert" title={t('job.notFound')} hint={t('job.notFoundHint')}>
        <Link to="/jobs" className={buttonClass('plain')}>
          {t('nav.jobs')}
        </Link>
      </Empty>
    );
  }
  if (live.error && !job) return <Failure error={live.error} onRetry={live.refresh} />;
  if (!job || !status) return <Loading className="h-[32rem]" />;
  const execution = rows.findLast((row) => row.execution !== null)?.execution;
  return (
    <div className="flex flex-col gap-6">
      <JobHeader job={job} status={status} rows={rows} onChanged={live.refresh} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <JobOutcome job={job} status={status} />
        <div className="flex flex-col gap-6">
          <Card title={t('job.progress')} aside={live.isReconnecting && <Reconnecting />}>
            <Timeline
              rows={rows}
              maxAttempts={job.maxAttempts}
              stageLabel={(stage) => brandStages?.[stage]?.[locale]}
            />
          </Card>
          {execution && (
            <Card title={t('receipt.title')}>
              <Receipt execution={execution} />
            </Card>
          )}
          <Card title={t('job.details')}>
            <Facts
              facts={[
                [t('job.created'), format.dateTime(job.createdAt)],
                [t('job.version'), job.analyzerVersion],
                [t('job.id'), job.id, 'id'],
                ...(job.traceId ? [[t('job.trace'), job.traceId, 'id'] as const] : []),
              ]}
            />
          </Card>
        </div>
      </div>
    </div>
  );
}

function Reconnecting() {
  const { t } = useText();
  return (
    <span role="status" className="inline-flex items-center gap-1.5 text-xs text-warn">
      <Icon name="offline" className="size-4" />
      {t('job.reconnecting')}
    </span>
  );
}
