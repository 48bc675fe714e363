import type { SchedulerStats } from '../gpu-scheduler/scheduler-stats.js';
import type { SchedulerDto } from './dto/scheduler.dto.js';

/** The workers' own snapshots as one list of devices and one of lanes. */
export function toSchedulerDto(workers: readonly (SchedulerStats | null)[]): SchedulerDto {
  const known = workers.filter((stats) => stats !== null);
  return {
    object: 'scheduler',
    workers: workers.length,
    devices: known.flatMap(({ workerId, devices }) =>
      devices.map(({ id, type, runtime, state, models, busyMs }) => {
        return { id, type, runtime, workerId, state, models: models.length, busyMs: Math.round(busyMs) };
      }),
    ),
    lanes: known.flatMap(({ workerId, lanes }) =>
      lanes.map(({ lane, queuedItems }) => ({ id: lane, workerId, queued: queuedItems })),
    ),
  };
}
