import { Icon } from '../ui/icon.js';

interface VerdictProps {
  readonly tone: 'ok' | 'warn' | 'failed';
  readonly title: string;
  readonly details: readonly string[];
}

const COLORS = { ok: 'text-ok', warn: 'text-warn', failed: 'text-failed' } as const;

/** The answer first, in one line: an icon, a word, and what supports it. */
export function Verdict({ tone, title, details }: VerdictProps) {
  return (
    <div data-verdict={tone} className="mb-5 flex flex-wrap items-center gap-x-4 gap-y-1">
      <p className={`flex items-center gap-2.5 text-2xl font-semibold ${COLORS[tone]}`}>
        <Icon name={tone === 'ok' ? 'check' : 'alert'} className="size-7" />
        {title}
      </p>
      <p className="text-sm text-muted">{details.join(' · ')}</p>
    </div>
  );
}
