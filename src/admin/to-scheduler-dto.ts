import type { OldSnapshotDto, SchedulerDto, SchedulerEtaDto } from './dto/scheduler.dto.js';
import type { WorkerStats } from './worker-stats.repository.js';

/** The workers' own snapshots as one list of devices and one of lanes. */
export function toSchedulerDto(workers: readonly (WorkerStats | null)[]): SchedulerDto {
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
    eta: known.flatMap(({ workerId, eta }) => (eta ? [etaOf(workerId, eta)] : [])),
    oldSnapshot: oldSnapshotOf(known),
  };
}

function etaOf(workerId: string, { samples, p90Coverage, medianErrorMs }: WorkerStats['eta']): SchedulerEtaDto {
  const coverageP90 = Math.round(p90Coverage * 1000) / 1000;
  return { workerId, samples, coverageP90, medianAbsErrorMs: Math.round(medianErrorMs) };
}

/** The alarm of whichever worker has watched longest. */
function oldSnapshotOf(workers: readonly WorkerStats[]): OldSnapshotDto | null {
  const alarms = workers.flatMap(({ database }) => (database?.alarm ? [database] : []));
  const oldest = alarms.toSorted((a, b) => b.oldestXminMs - a.oldestXminMs)[0];
  if (!oldest?.holder) return null;
  const { kind, name, pid, role, state } = oldest.holder;
  return { ageMs: Math.round(oldest.oldestXminMs), kind, name, pid, role, state };
}
