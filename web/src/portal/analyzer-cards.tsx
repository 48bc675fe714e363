import { Link } from '@tanstack/react-router';
import type { Analyzer } from '../api/types.js';
import { Icon } from '../ui/icon.js';
import { analyzerIcon, useAnalyzerText } from './catalog.js';

/** One card per analyzer; the whole card is the link. */
export function AnalyzerCards({ analyzers }: { readonly analyzers: readonly Analyzer[] }) {
  const textOf = useAnalyzerText();
  return (
    <ul
      className={`grid gap-4 ${analyzers.length > 1 ? 'sm:grid-cols-2' : ''} ${analyzers.length > 2 ? 'lg:grid-cols-3' : ''}`}
    >
      {analyzers.map((analyzer) => {
        const { label, help } = textOf(analyzer.slug, analyzer);
        return (
          <li key={analyzer.slug}>
            <Link
              to="/new/$analyzer"
              params={{ analyzer: analyzer.slug }}
              className="group flex h-full flex-col gap-3 rounded-card border border-line bg-surface p-5 shadow-card transition-colors hover:border-accent-line"
            >
              <span className="inline-grid size-11 place-items-center rounded-control bg-accent text-on-accent">
                <Icon name={analyzerIcon(analyzer)} className="size-6" />
              </span>
              <span className="flex items-center gap-1.5 font-semibold">
                {label}
                <Icon
                  name="arrow"
                  className="size-4 text-accent-text opacity-0 transition-opacity group-hover:opacity-100"
                />
              </span>
              <span className="text-sm leading-6 text-muted">{help}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
