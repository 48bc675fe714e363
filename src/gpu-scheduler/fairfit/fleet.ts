import { DeviceGroup, DeviceState, type Residency } from './device-state.js';
import type { EnqueuedItem, ModelFacts, SchedulerEvent, SeedProfile } from './events.js';
import type { Lane } from './lane.js';
import { ModelState } from './model-state.js';
import type { FairFitOptions } from './options.js';
import type { Queues } from './queues.js';
import type { Work } from './work.js';

type DeviceUp = Extract<SchedulerEvent, { readonly type: 'deviceUp' }>;

/** Devices and models: who is up, what is resident where, and which lanes can therefore run on which device. */
export class Fleet {
  readonly devices = new Map<string, DeviceState>();
  readonly models = new Map<string, ModelState>();
  /** Devices in the order in which free ones are used: the lowest rank first; ties by id. */
  private ordered: readonly DeviceState[] = [];
  private readonly lanes = new Map<string, Lane[]>();
  /** Of all devices; null = to be found anew. */
  private soonestMs: number | null = null;
  private readonly groups = new Map<string, DeviceGroup>();

  constructor(
    private readonly queues: Queues,
    private readonly options: FairFitOptions,
    private readonly work: Work,
  ) {}

  /** All devices in the order in which free ones are used. */
  get inOrder(): readonly DeviceState[] {
    return this.ordered;
  }

  /** A batch began or ended: estimates of the next free device are stale. */
  touch(): void {
    this.soonestMs = null;
  }

  /** When the first device that holds the model should be free, monotonic ms; -Infinity = one is. */
  soonestFreeMs(model: ModelState): number {
    const isEverywhere = model.copies === this.ordered.length;
    if (isEverywhere && this.soonestMs !== null) return this.soonestMs;
    let soonestMs = Infinity;
    for (const device of this.ordered) {
      if (!isEverywhere && !device.holds(model.id)) continue;
      soonestMs = Math.min(soonestMs, device.running ? device.running.expectedAtMs : -Infinity);
    }
    if (isEverywhere) this.soonestMs = soonestMs;
    return soonestMs;
  }

  model(id: string): ModelState {
    let model = this.models.get(id);
    if (!model) this.models.set(id, (model = new ModelState(id, this.options)));
    return model;
  }

  /** A new lane: it can run wherever its model is resident. */
  join(lane: Lane, nowMs: number): void {
    const lanes = this.lanes.get(lane.model.id) ?? [];
    this.lanes.set(lane.model.id, [...lanes, lane]);
    lane.setResident(lane.model.copies > 0, nowMs);
    for (const device of this.devices.values()) if (device.holds(lane.model.id)) this.place(lane, device.group);
  }

  up({ device: id, rank, deviceClass, memoryBytes }: DeviceUp, nowMs: number): void {
    const device = this.devices.get(id) ?? new DeviceState(id, rank, this.work);
    this.devices.set(id, device);
    device.isUp = true;
    device.rank = rank;
    device.deviceClass = deviceClass ?? id;
    device.memoryBytes = memoryBytes ?? null;
    this.ordered = [...this.devices.values()].sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
    this.regroup(device);
    for (const model of this.models.values()) this.recount(model, nowMs);
  }

  /** @returns load time of copies that no batch has paid for, ms */
  down(id: string, nowMs: number): number {
    const device = this.devices.get(id);
    if (!device) return 0;
    let unpaidMs = 0;
    for (const copy of [...device.resident.values()]) unpaidMs += this.release(device, copy.modelVersionId, nowMs);
    device.isUp = false;
    device.preferred = null;
    this.regroup(device);
    for (const model of this.models.values()) this.recount(model, nowMs);
    return unpaidMs;
  }

  adopt(facts: ModelFacts, nowMs: number): void {
    const model = this.model(facts.modelVersionId);
    model.adopt(facts);
    this.recount(model, nowMs);
  }

  /** A copy is resident now. */
  hold(device: DeviceState, copy: Residency, profiles: readonly SeedProfile[], nowMs: number): void {
    const model = this.model(copy.modelVersionId);
    model.seed(device.deviceClass, profiles);
    model.unavailableWhy = null;
    device.resident.set(copy.modelVersionId, copy);
    this.regroup(device);
    this.recount(model, nowMs);
  }

  /** No further batch runs on this copy. */
  retire(device: DeviceState, modelVersionId: string, nowMs: number): void {
    const copy = device.resident.get(modelVersionId);
    if (!copy) return;
    copy.isLeaving = true;
    this.regroup(device);
    this.recount(this.model(modelVersionId), nowMs);
  }

  /** The copy is gone. @returns its load time that no batch has paid for, ms */
  release(device: DeviceState, modelVersionId: string, nowMs: number): number {
    const copy = device.resident.get(modelVersionId);
    if (!copy) return 0;
    if (!copy.isLeaving) this.retire(device, modelVersionId, nowMs);
    device.resident.delete(modelVersionId);
    return copy.unpaidMs;
  }

  /** The lane of an item; undefined before its first. */
  laneOf({ modelVersionId, shapeBucket, alone }: EnqueuedItem): Lane | undefined {
    for (const lane of this.lanes.get(modelVersionId) ?? []) {
      if (lane.facts.shapeBucket === shapeBucket && lane.facts.alone === alone) return lane;
    }
    return undefined;
  }

  lanesOf(model: ModelState): readonly Lane[] {
    return this.lanes.get(model.id) ?? [];
  }

  /** True when the model can never be loaded: every device has a byte budget, and all are too small. */
  isTooLarge({ facts, isReachable }: ModelState): boolean {
    if (!facts || isReachable || this.devices.size === 0) return false;
    return this.ordered.every(({ memoryBytes }) => memoryBytes !== null && memoryBytes < facts.sizeBytes);
  }

  /** Which devices can run the model has changed, perhaps. */
  private recount(model: ModelState, nowMs: number): void {
    this.touch();
    const wasResident = model.copies > 0;
    const able = new Map<string, number>();
    let copies = 0;
    for (const device of this.ordered) {
      const isHeld = device.holds(model.id);
      if (isHeld) copies += 1;
      if (isHeld || this.canLoad(model, device)) able.set(device.deviceClass, (able.get(device.deviceClass) ?? 0) + 1);
    }
    model.setAble(able);
    model.copies = copies;
    for (const lane of this.lanesOf(model)) {
      lane.setResident(copies > 0, nowMs);
      if (wasResident !== copies > 0) this.queues.setResident(lane, copies > 0);
      else for (const laneBand of this.queues.bandsOf(lane)) this.queues.reindex(laneBand);
    }
  }

  private canLoad({ facts }: ModelState, { isUp, memoryBytes, id }: DeviceState): boolean {
    if (!isUp || !facts || memoryBytes === null || facts.sizeBytes > memoryBytes) return false;
    return !facts.devices || facts.devices.includes(id);
  }

  /** The device joins those that hold the same models; a group without members gives up its places. */
  private regroup(device: DeviceState): void {
    const models = [...device.resident.keys()].filter((id) => device.holds(id)).sort();
    const id = `${device.deviceClass}\n${models.join('\n')}`;
    const { group: before } = device;
    if (before.id === id) return;
    let group = this.groups.get(id);
    if (!group) {
      this.groups.set(id, (group = new DeviceGroup(id, device.deviceClass, models, this.work)));
      for (const model of models) for (const lane of this.lanes.get(model) ?? []) this.place(lane, group);
    }
    group.members += 1;
    device.group = group;
    before.members -= 1;
    if (before.members > 0) return;
    this.groups.delete(before.id);
    for (const model of before.models) {
      for (const lane of this.lanes.get(model) ?? []) {
        for (const laneBand of this.queues.bandsOf(lane)) laneBand.leave(before.id);
      }
    }
  }

  private place(lane: Lane, group: DeviceGroup): void {
    for (const laneBand of this.queues.bandsOf(lane)) {
      const heaps = group.heaps[laneBand.band];
      if (!heaps) continue;
      laneBand.placeIn(group.id, group.deviceClass, heaps);
      if (laneBand.items > 0) this.queues.reindex(laneBand);
    }
  }

  /** True when another device is free and holds the model. */
  isFreeElsewhere(modelVersionId: string, own: DeviceState): boolean {
    for (const device of this.devices.values()) {
      if (device !== own && device.isFree && device.holds(modelVersionId)) return true;
    }
    return false;
  }
}
