import { isTerminal, type StageName, type Transition } from '../api/types.js';
import type { MessageKey } from '../i18n/ko.js';
import { useText } from '../i18n/use-text.js';
import { StepIcon } from './step-icon.js';
import { barOf, stageRows, type Step } from './stage-rows.js';
import { useNow } from './use-now.js';

const WIDTH = 300;
const HEIGHT = 8;
const THIN = 3;
const MIN_WIDTH = 4;

interface TimelineProps {
  readonly rows: readonly Transition[];
  readonly maxAttempts: number;
  /** A tenant's own name of a stage. */
  readonly stageLabel: (stage: StageName) => string | undefined;
}

/** What happened to a job, and what happens now: waits thin, work thick, all on one axis. */
export function Timeline({ rows, maxAttempts, stageLabel }: TimelineProps) {
  const { t, format } = useText();
  const newest = rows.at(-1);
  const isLive = newest !== undefined && !isTerminal(newest.status);
  const view = stageRows(rows, useNow(isLive));
  const labelOf = (step: Step) => {
    const label = (step.name !== 'queued' && stageLabel(step.name)) || t(`stage.${step.name}` as MessageKey);
    return step.model === null ? label : `${label} ${step.model}`;
  };
  return (
    <div className="flex flex-col gap-4">
      <ol className="flex flex-col gap-3.5">
        {view.steps.map((step) => (
          <li
            key={`${step.name} ${step.model}`}
            data-stage={step.name}
            data-status={step.status}
            className="flex flex-col gap-1.5"
          >
            <div className="flex items-center gap-2 text-sm">
              <StepIcon status={step.status} />
              <span className={step.status === 'pending' || step.status === 'skipped' ? 'text-muted' : 'font-medium'}>
                {labelOf(step)}
              </span>
              <span className="sr-only">
                {t(`stage.status.${step.status}`)}, {t(step.kind === 'wait' ? 'job.wait' : 'job.work')}
              </span>
              <span className="ml-auto text-muted tabular-nums">
                {step.durationMs === null || (step.status === 'skipped' && !step.durationMs)
                  ? t(`stage.status.${step.status}`)
                  : format.duration(step.durationMs)}
              </span>
            </div>
            <StepBar step={step} axisMs={view.axisMs} />
          </li>
        ))}
      </ol>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line pt-3 text-xs text-muted">
        <Legend kind="wait" label={t('job.wait')} />
        <Legend kind="work" label={t('job.work')} />
        <span className="ml-auto font-medium tabular-nums">
          {t('job.total', { duration: format.duration(view.totalMs) })}
        </span>
      </p>
      {view.attempt > 1 && (
        <p className="text-xs text-muted">
          {newest?.status === 'succeeded'
            ? t('job.retried', { count: view.attempt - 1 })
            : t('job.attempt', { attempt: view.attempt, max: maxAttempts })}
        </p>
      )}
    </div>
  );
}

function StepBar({ step, axisMs }: { readonly step: Step; readonly axisMs: number }) {
  const bar = barOf(step, axisMs, WIDTH, MIN_WIDTH);
  const height = step.kind === 'wait' ? THIN : HEIGHT;
  const color = step.status === 'failed' ? 'bar-failed' : step.kind === 'wait' ? 'pattern-wait' : 'bar-work';
  const y = (HEIGHT - height) / 2;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="ml-6.5 h-2 w-[calc(100%-1.625rem)]"
      aria-hidden
    >
      <rect x={0} y={HEIGHT / 2 - 0.5} width={WIDTH} height={1} className="bar-track" />
      {bar && <rect x={bar.x} y={y} width={bar.width} height={height} rx={1.5} className={color} />}
    </svg>
  );
}

function Legend({ kind, label }: { readonly kind: Step['kind']; readonly label: string }) {
  const height = kind === 'wait' ? THIN : HEIGHT;
  return (
    <span className="inline-flex items-center gap-1.5">
      <svg viewBox={`0 0 16 ${HEIGHT}`} className="h-2 w-4" aria-hidden>
        <rect
          y={(HEIGHT - height) / 2}
          width={16}
          height={height}
          rx={1.5}
          className={kind === 'wait' ? 'pattern-wait' : 'bar-work'}
        />
      </svg>
      {label}
    </span>
  );
}
