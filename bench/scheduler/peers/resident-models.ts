/** Which models each device holds, with the time of their last use. */
export class ResidentModels {
  private readonly held: Map<number, number>[];

  constructor(
    deviceCount: number,
    private readonly slots: number,
  ) {
    this.held = Array.from({ length: deviceCount }, () => new Map());
  }

  holds(device: number, lane: number): boolean {
    return this.slots === Infinity || this.on(device).has(lane);
  }

  copies(lane: number): number {
    return this.held.filter((models) => models.has(lane)).length;
  }

  /** Marks a use. */
  touch(device: number, lane: number, now: number): void {
    this.on(device).set(lane, now);
  }

  /** When the model that would have to go was used last; -Infinity while there is room. */
  victimLastUse(device: number): number {
    const models = this.on(device);
    return models.size < this.slots ? -Infinity : Math.min(...models.values());
  }

  /** Puts the model in the place of the least recently used one. */
  load(device: number, lane: number, now: number): void {
    const models = this.on(device);
    if (models.size >= this.slots) {
      const oldest = Math.min(...models.values());
      for (const [model, at] of models) {
        if (at !== oldest) continue;
        models.delete(model);
        break;
      }
    }
    models.set(lane, now);
  }

  private on(device: number): Map<number, number> {
    return this.held[device] as Map<number, number>;
  }
}
