import { Link } from '@tanstack/react-router';
import type { Job } from '../api/types.js';
import { useText } from '../i18n/use-text.js';
import { Icon } from '../ui/icon.js';
import { StatusBadge } from '../ui/status-badge.js';
import { analyzerIcon, useAnalyzers, useAnalyzerText } from './catalog.js';

const elapsedMs = (job: Job) => (job.finishedAt ? Date.parse(job.finishedAt) - Date.parse(job.createdAt) : null);

/** Jobs as rows; each row is one link. */
export function JobList({ jobs }: { readonly jobs: readonly Job[] }) {
  const { t, format } = useText();
  const analyzers = useAnalyzers().data;
  const textOf = useAnalyzerText();
  return (
    <ul aria-label={t('jobs.title')} className="overflow-hidden rounded-card border border-line bg-surface shadow-card">
      {jobs.map((job) => {
        const analyzer = analyzers?.find((a) => a.slug === job.analyzer);
        const elapsed = elapsedMs(job);
        return (
          <li key={job.id} className="border-b border-line last:border-0">
            <Link
              to="/jobs/$id"
              params={{ id: job.id }}
              className="flex min-h-row items-center gap-3 px-4 py-3 -outline-offset-2 hover:bg-accent-soft sm:gap-4"
            >
              <Icon name={analyzerIcon(analyzer)} className="size-5 shrink-0 text-muted" />
              <span className="min-w-0 flex-1">
                <span className="block truncate text-sm font-medium">{textOf(job.analyzer, analyzer).label}</span>
                <span className="block truncate text-xs text-muted">
                  {format.dateTime(job.createdAt)}
                  <span className="hidden font-mono sm:inline"> · …{job.id.slice(-8)}</span>
                </span>
              </span>
              {elapsed !== null && (
                <span className="hidden text-sm text-muted tabular-nums sm:block">{format.duration(elapsed)}</span>
              )}
              <StatusBadge status={job.status} />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
