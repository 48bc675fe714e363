import { useQuery } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import { isTerminal, type Job, type JobStatus, type Result } from '../api/types.js';
import type { MessageKey } from '../i18n/ko.js';
import { useText } from '../i18n/use-text.js';
import { classNames } from '../results/class-names.js';
import { inputFileId } from '../results/result-data.js';
import { ResultView } from '../results/result-view.js';
import { useFileUrl } from '../results/use-file-url.js';
import { Card } from '../ui/card.js';
import { Icon } from '../ui/icon.js';
import { Empty, Failure, Loading } from '../ui/states.js';
import { useAnalyzers } from './catalog.js';
import { useBrandAnalyzer } from './workplace.js';

interface JobOutcomeProps {
  readonly job: Job;
  readonly status: JobStatus;
}

/** The result, or why there is none, or what is waited for. */
export function JobOutcome({ job, status }: JobOutcomeProps) {
  const { t } = useText();
  if (status === 'succeeded') return <Succeeded job={job} />;
  if (status === 'failed') return <Failed job={job} />;
  if (isTerminal(status)) return <Empty icon="ban" title={t('job.noResult')} hint={t(`status.help.${status}`)} />;
  return <Waiting job={job} />;
}

function Succeeded({ job }: { readonly job: Job }) {
  const { t, locale } = useText();
  const analyzer = useAnalyzers().data?.find((a) => a.slug === job.analyzer);
  const brand = useBrandAnalyzer(job.analyzer);
  const result = useQuery({
    queryKey: ['result', job.id],
    queryFn: () => read<Result>(api.GET('/v1/jobs/{id}/result', { params: { path: { id: job.id } } })),
    initialData: job.result ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (result.isPending) return <Loading className="h-[28rem]" />;
  if (result.isError) return <Failure error={result.error} onRetry={() => void result.refetch()} />;
  return (
    <Card title={t('job.result')}>
      <ResultView result={result.data} input={job.input} names={classNames(analyzer, brand, locale)} />
    </Card>
  );
}

function Failed({ job }: { readonly job: Job }) {
  const { t, has, locale } = useText();
  const stages = useBrandAnalyzer(job.analyzer)?.stages;
  const { error } = job;
  const key = `job.error.${error?.code}`;
  const known = has(key) ? t(key) : null;
  const stage = error?.stage ? (stages?.[error.stage]?.[locale] ?? t(`stage.${error.stage}` as MessageKey)) : null;
  return (
    <div role="alert" className="flex flex-col gap-3 rounded-card border border-failed/40 bg-surface p-6 shadow-card">
      <h2 className="flex items-center gap-2 text-lg font-semibold text-failed">
        <Icon name="alert" />
        {t('job.failedTitle')}
      </h2>
      {known && <p>{known}</p>}
      {error && <p className={known ? 'text-sm text-muted' : ''}>{error.message}</p>}
      <p className="text-sm text-muted">
        {stage && <>{t('job.failedStage', { stage })} · </>}
        {t(error?.retryable ? 'job.failedRetryable' : 'job.failedHint')}
      </p>
      {error && <p className="font-mono text-xs text-muted">{error.code}</p>}
    </div>
  );
}

function Waiting({ job }: { readonly job: Job }) {
  const { t } = useText();
  const analyzer = useAnalyzers().data?.find((a) => a.slug === job.analyzer);
  const isPicture = analyzer?.view.renderer === 'image_boxes' || analyzer?.view.renderer === 'heatmap';
  const url = useFileUrl(isPicture ? inputFileId(job.input) : null);
  return (
    <Card>
      <div className="flex flex-col items-center gap-4 py-6 text-center">
        {url && url !== 'failed' && (
          <img
            src={url}
            alt={t('job.input')}
            className="max-h-80 max-w-full rounded-small border border-line object-contain opacity-80"
          />
        )}
        <p className="flex items-center gap-2 font-medium">
          <Icon name="spinner" className="size-5 animate-spin-slow text-running" />
          {t('job.waiting')}
        </p>
        <p className="text-sm text-muted">{t('job.waitingHint')}</p>
      </div>
    </Card>
  );
}
