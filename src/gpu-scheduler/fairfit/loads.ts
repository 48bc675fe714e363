import type { Charging } from './charging.js';
import type { DeviceState } from './device-state.js';
import type { SchedulerEvent } from './events.js';
import type { Fleet } from './fleet.js';
import type { Outbox } from './outbox.js';
import type { LoadPlan } from './residency.js';

type Loaded = Extract<SchedulerEvent, { readonly type: 'loaded' }>;

/**
 * Carries loads and evictions through. A device first gives up its victims, then loads; it runs nothing meanwhile. Bytes
 * are reserved when the load starts and released when an unload is confirmed, so the budget holds at every instant.
 */
export class Loads {
  private failures = 0;

  constructor(
    private readonly fleet: Fleet,
    private readonly outbox: Outbox,
    private readonly charging: Charging,
  ) {}

  begin(device: DeviceState, { laneBand, victims }: LoadPlan, nowMs: number): void {
    const { model } = laneBand.lane;
    const bytes = model.facts?.sizeBytes ?? 0;
    model.loads += 1;
    const waitsFor = new Set(victims);
    device.loading = { modelVersionId: model.id, forLane: laneBand, bytes, waitsFor, startedAtMs: null };
    for (const modelVersionId of victims) {
      this.fleet.retire(device, modelVersionId, nowMs);
      device.evictions += 1;
      this.outbox.emit({ type: 'unloadModel', device: device.id, modelVersionId });
    }
    if (victims.length === 0) this.start(device, nowMs);
  }

  unloaded(deviceId: string, modelVersionId: string, nowMs: number): void {
    const device = this.fleet.devices.get(deviceId);
    if (!device) return;
    this.charging.platformMs += this.fleet.release(device, modelVersionId, nowMs);
    const { loading } = device;
    if (!loading || !loading.waitsFor.delete(modelVersionId)) return;
    if (loading.waitsFor.size === 0 && loading.startedAtMs === null) this.start(device, nowMs);
  }

  loaded({ device: id, modelVersionId, profiles, loadMs, sizeBytes, pinned }: Loaded, nowMs: number): void {
    const device = this.fleet.devices.get(id);
    if (!device?.isUp) return;
    const model = this.fleet.model(modelVersionId);
    const { loading } = device;
    const isAwaited = loading?.modelVersionId === modelVersionId && loading.startedAtMs !== null;
    const tookMs = loadMs ?? (isAwaited ? nowMs - (loading.startedAtMs ?? nowMs) : undefined);
    model.loadedIn(device.deviceClass, tookMs);
    if (isAwaited) {
      this.end(device);
      device.loads += 1;
      device.loadMs += tookMs ?? 0;
      device.preferred = loading.forLane;
    }
    const copy = {
      modelVersionId,
      bytes: sizeBytes ?? model.facts?.sizeBytes ?? 0,
      isPinned: pinned ?? model.facts?.pinned ?? false,
      lastUseMs: nowMs,
      unpaidMs: isAwaited ? (tookMs ?? 0) : 0,
      hasRun: !isAwaited,
      isLeaving: false,
    };
    this.fleet.hold(device, copy, profiles, nowMs);
  }

  failed(deviceId: string, modelVersionId: string, why: string, nowMs: number): void {
    const device = this.fleet.devices.get(deviceId);
    if (device?.loading?.modelVersionId !== modelVersionId) return;
    this.charging.platformMs += this.timeOf(device, nowMs);
    this.end(device);
    this.failures += 1;
    this.fleet.model(modelVersionId).loadFailed(why, this.failures, nowMs);
  }

  /** The device went down: what it was loading is lost. */
  deviceLost(device: DeviceState, nowMs: number): void {
    if (!device.loading) return;
    this.charging.platformMs += this.timeOf(device, nowMs);
    this.end(device);
  }

  private start(device: DeviceState, nowMs: number): void {
    if (!device.loading) return;
    device.loading.startedAtMs = nowMs;
    const { modelVersionId } = device.loading;
    const expectedMs = this.fleet.model(modelVersionId).loadMs(device.deviceClass);
    this.outbox.emit({ type: 'loadModel', device: device.id, modelVersionId, expectedMs });
  }

  private end(device: DeviceState): void {
    if (!device.loading) return;
    this.fleet.model(device.loading.modelVersionId).loads -= 1;
    device.loading = null;
  }

  /** Time that a load without a result has taken; it counts as the device's load time. */
  private timeOf(device: DeviceState, nowMs: number): number {
    const startedAtMs = device.loading?.startedAtMs ?? nowMs;
    device.loadMs += nowMs - startedAtMs;
    return nowMs - startedAtMs;
  }
}
