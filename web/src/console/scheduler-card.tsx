import { useQuery } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import type { Scheduler } from '../api/types.js';
import { Card } from '../ui/card.js';
import { Icon, type IconName } from '../ui/icon.js';
import { Empty, Failure, Loading } from '../ui/states.js';
import { DataTable } from './data-table.js';
import { useConsoleText } from './use-console-text.js';

/** Workers report every few seconds. */
const INTERVAL_MS = 3_000;

/** Devices of all workers, and what waits for them. */
export function SchedulerCard() {
  const { t } = useConsoleText();
  const scheduler = useQuery({
    queryKey: ['admin', 'scheduler'],
    queryFn: () => read<Scheduler>(api.GET('/v1/admin/scheduler')),
    refetchInterval: INTERVAL_MS,
  });
  const { data } = scheduler;
  return (
    <Card
      title={t('console.scheduler')}
      aside={data && <span className="text-sm text-muted">{t('console.workers', { count: data.workers })}</span>}
    >
      {scheduler.isPending && <Loading className="h-32" />}
      {scheduler.isError && <Failure error={scheduler.error} onRetry={() => void scheduler.refetch()} />}
      {data?.devices.length === 0 && (
        <Empty icon="offline" title={t('console.noWorkers')} hint={t('console.noWorkersHint')} />
      )}
      {data && data.devices.length > 0 && <Devices devices={data.devices} />}
      {data && data.devices.length > 0 && <Lanes lanes={data.lanes} />}
    </Card>
  );
}

function Devices({ devices }: Pick<Scheduler, 'devices'>) {
  const { t, format } = useConsoleText();
  const columns = (['device', 'state', 'runtime', 'models', 'busy'] as const).map((key) => t(`console.${key}`));
  return (
    <DataTable
      label={t('console.device')}
      columns={columns}
      rows={devices.map((device) => ({
        id: `${device.workerId} ${device.id}`,
        cells: [
          `${device.id} · ${device.type}`,
          <DeviceState key="state" state={device.state} />,
          device.runtime,
          device.models,
          format.duration(device.busyMs),
        ],
      }))}
    />
  );
}

function Lanes({ lanes }: Pick<Scheduler, 'lanes'>) {
  const { t } = useConsoleText();
  const waiting = lanes.filter((lane) => lane.queued > 0);
  if (waiting.length === 0) return <p className="mt-4 text-sm text-muted">{t('console.noLanes')}</p>;
  return (
    <div className="mt-6">
      <DataTable
        label={t('console.lane')}
        columns={[t('console.lane'), t('console.queued')]}
        rows={waiting.map((lane) => ({ id: `${lane.workerId} ${lane.id}`, cells: [lane.id, lane.queued] }))}
      />
    </div>
  );
}

const STATES: Readonly<Record<string, { icon: IconName; className: string }>> = {
  free: { icon: 'check', className: 'text-ok' },
  busy: { icon: 'spinner', className: 'text-running' },
  stuck: { icon: 'alert', className: 'text-warn' },
  down: { icon: 'ban', className: 'text-failed' },
};

function DeviceState({ state }: { readonly state: string }) {
  const { t, has } = useConsoleText();
  const { icon, className } = STATES[state] ?? { icon: 'dot' as const, className: 'text-muted' };
  const key = `console.device.${state}`;
  return (
    <span className={`inline-flex items-center gap-1.5 ${className}`}>
      <Icon name={icon} className="size-4" />
      {has(key) ? t(key) : state}
    </span>
  );
}
