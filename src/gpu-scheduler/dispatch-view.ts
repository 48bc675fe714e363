import { publicId } from '../common/ids.js';
import type { Decision } from './decision-log.js';
import type { RunBatchCommand } from './fairfit/commands.js';
import type { DispatchReason, PriorityBand } from './work-item.js';

/** One inference batch that left the queue, as status pages show it; plain data. */
export interface DispatchView {
  /** ISO 8601. */
  readonly at: string;
  readonly device: string;
  /** Model id and shape bucket. */
  readonly lane: string;
  readonly band: PriorityBand;
  readonly items: number;
  readonly rows: number;
  readonly dispatchReason: DispatchReason;
  readonly predictedMs: number;
  /** Of a load that the batch paid for. */
  readonly loadMs: number;
}

/**
 * The latest dispatches of a decision log, newest first.
 * @param decisions oldest first
 * @param epochAt epoch ms of a monotonic instant
 */
export function latestDispatches(
  decisions: readonly Decision[],
  count: number,
  epochAt: (monotonicMs: number) => number,
): readonly DispatchView[] {
  const found: DispatchView[] = [];
  for (let i = decisions.length - 1; i >= 0 && found.length < count; i--) {
    const { nowMs, commands } = decisions[i] as Decision;
    const at = new Date(epochAt(nowMs)).toISOString();
    found.push(...commands.filter((command) => command.type === 'runBatch').map((command) => viewOf(command, at)));
  }
  return found.slice(0, count);
}

function viewOf(command: RunBatchCommand, at: string): DispatchView {
  const { device, lane, modelVersionId, band, items, rows, dispatchReason, predictedMs, loadMs } = command;
  return {
    at,
    device,
    lane: publicId('model', modelVersionId) + lane.slice(modelVersionId.length),
    band,
    items: items.length,
    rows,
    dispatchReason,
    predictedMs: Math.round(predictedMs),
    loadMs: Math.round(loadMs),
  };
}
