import { Link, useParams } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.js';
import { Icon } from '../ui/icon.js';
import { Empty, Failure, Loading } from '../ui/states.js';
import { AnalyzerCards } from './analyzer-cards.js';
import { AnalyzerFacts } from './analyzer-facts.js';
import { analyzerIcon, useAnalyzers, useAnalyzerText } from './catalog.js';
import { NewJobForm } from './new-job-form.js';

/** Choose an analyzer, then fill its form. With a single analyzer the choice is skipped. */
export function NewJobPage() {
  const { t } = useText();
  const { analyzer: slug } = useParams({ strict: false });
  const analyzers = useAnalyzers();
  const textOf = useAnalyzerText();
  const list = analyzers.data ?? [];
  const chosen = slug ? list.find((a) => a.slug === slug) : list.length === 1 ? list[0] : undefined;
  const text = chosen && textOf(chosen.slug, chosen);
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-6">
      <div>
        {text && list.length > 1 && (
          <Link to="/new" className="mb-3 inline-flex items-center gap-1.5 text-sm text-muted hover:text-text">
            <Icon name="arrow" className="size-4 rotate-180" />
            {t('new.choose')}
          </Link>
        )}
        <h1 className="flex items-center gap-3 text-2xl font-bold">
          {chosen && <Icon name={analyzerIcon(chosen)} className="size-7 text-accent-text" />}
          {text?.label ?? t('new.title')}
        </h1>
        {text?.help && <p className="mt-2 leading-7 text-muted">{text.help}</p>}
        {chosen && <AnalyzerFacts analyzer={chosen} />}
      </div>
      {analyzers.isPending && <Loading className="h-96" />}
      {analyzers.isError && <Failure error={analyzers.error} onRetry={() => void analyzers.refetch()} />}
      {analyzers.isSuccess && list.length === 0 && <Empty icon="grid" title={t('new.none')} hint={t('new.noneHint')} />}
      {slug && analyzers.isSuccess && !chosen && <Empty icon="alert" title={t('new.unknown')} />}
      {chosen ? <NewJobForm key={chosen.slug} analyzer={chosen} /> : <AnalyzerCards analyzers={list} />}
    </div>
  );
}
