import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { JobStatus } from '../api/types.js';
import { useText } from '../i18n/use-text.js';
import { Button, buttonClass } from '../ui/button.js';
import { INPUT_CLASS } from '../ui/field.js';
import { Icon } from '../ui/icon.js';
import { Empty, Failure, Loading } from '../ui/states.js';
import { JobList } from './job-list.js';
import { useJobs } from './use-jobs.js';

const STATUSES: readonly JobStatus[] = ['queued', 'running', 'succeeded', 'failed', 'canceled', 'expired'];
const PAGE = 20;

/** All jobs; the filter lives in the address. */
export function JobsPage() {
  const { t } = useText();
  const { status: wish } = useSearch({ from: '/jobs' });
  const status = STATUSES.find((s) => s === wish);
  const navigate = useNavigate({ from: '/jobs' });
  const jobs = useJobs({ limit: PAGE, status });
  const rows = jobs.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-center gap-3">
        <h1 className="mr-auto text-2xl font-bold">{t('jobs.title')}</h1>
        <label className="flex items-center gap-2 text-sm">
          <span className="whitespace-nowrap text-muted">{t('jobs.filter')}</span>
          <select
            value={status ?? ''}
            onChange={(e) => void navigate({ search: e.target.value ? { status: e.target.value } : {} })}
            className={`${INPUT_CLASS} w-auto`}
          >
            <option value="">{t('jobs.filterAll')}</option>
            {STATUSES.map((s) => (
              <option key={s} value={s}>
                {t(`status.${s}`)}
              </option>
            ))}
          </select>
        </label>
        <Link to="/new" className={buttonClass('primary')}>
          <Icon name="plus" className="size-4.5" />
          {t('nav.new')}
        </Link>
      </div>
      {jobs.isPending && <Loading className="h-96" />}
      {jobs.isError && <Failure error={jobs.error} onRetry={() => void jobs.refetch()} />}
      {jobs.isSuccess && rows.length === 0 && (
        <Empty
          icon="list"
          title={t(status ? 'jobs.none' : 'jobs.empty')}
          hint={status ? undefined : t('jobs.emptyHint')}
        />
      )}
      {rows.length > 0 && <JobList jobs={rows} />}
      {jobs.hasNextPage && (
        <Button onClick={() => void jobs.fetchNextPage()} disabled={jobs.isFetchingNextPage} className="self-center">
          {t('jobs.more')}
        </Button>
      )}
    </div>
  );
}
