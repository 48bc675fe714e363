import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { isTerminal } from '../api/types.js';
import { useText } from '../i18n/use-text.js';
import { buttonClass } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Empty, Failure, Loading } from '../ui/states.js';
import { AnalyzerCards } from './analyzer-cards.js';
import { useAnalyzers } from './catalog.js';
import { JobList } from './job-list.js';
import { readJobs, refetchMs } from './jobs-query.js';
import { useWorkplace } from './workplace.js';

const RECENT = 5;

/** Where a member begins: what can be done, and what is going on. */
export function HomePage() {
  const { t } = useText();
  const { home } = useWorkplace().workplace.brand.layout;
  const sections = [<Start key="start" />, <Recent key="recent" />];
  return (
    <div className="flex flex-col gap-10">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 className="text-3xl font-bold">{t('home.welcome')}</h1>
          <p className="mt-2 text-muted">{t('home.lead')}</p>
        </div>
        <Link to="/new" className={buttonClass('primary')}>
          <Icon name="plus" className="size-4.5" />
          {t('nav.new')}
        </Link>
      </div>
      {home === 'history' ? sections.reverse() : sections}
    </div>
  );
}

function Start() {
  const { t } = useText();
  const analyzers = useAnalyzers();
  return (
    <section aria-label={t('new.choose')}>
      {analyzers.isPending && <Loading className="h-36" />}
      {analyzers.isError && <Failure error={analyzers.error} onRetry={() => void analyzers.refetch()} />}
      {analyzers.data?.length === 0 && <Empty icon="grid" title={t('new.none')} hint={t('new.noneHint')} />}
      {analyzers.data && <AnalyzerCards analyzers={analyzers.data} />}
    </section>
  );
}

function Recent() {
  const { t } = useText();
  const jobs = useQuery({
    queryKey: ['jobs', 'recent'],
    queryFn: () => readJobs({ limit: RECENT }, ''),
    refetchInterval: ({ state }) => refetchMs(state.data && [state.data]),
  });
  const rows = jobs.data?.data ?? [];
  const active = rows.filter((job) => !isTerminal(job.status)).length;
  return (
    <section>
      <div className="mb-3 flex items-baseline gap-3">
        <h2 className="text-lg font-semibold">{t('home.recent')}</h2>
        {active > 0 && <span className="text-sm text-running">{t('home.active', { count: active })}</span>}
        <Link to="/jobs" className="ml-auto text-sm font-medium text-accent-text underline-offset-4 hover:underline">
          {t('home.all')}
        </Link>
      </div>
      {jobs.isPending && <Loading className="h-64" />}
      {jobs.isError && <Failure error={jobs.error} onRetry={() => void jobs.refetch()} />}
      {jobs.isSuccess && rows.length === 0 && <Empty icon="list" title={t('jobs.empty')} hint={t('jobs.emptyHint')} />}
      {rows.length > 0 && <JobList jobs={rows} />}
    </section>
  );
}
