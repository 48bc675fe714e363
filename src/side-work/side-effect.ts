/** One row of the outbox: something that happened to a job, for whoever outside wants to know. */
export interface SideEvent {
  /** `evt_` id of the transition, the same on every channel: the idempotency key of whoever is told. */
  readonly id: string;
  /** Bare uuid. */
  readonly tenantId: string;
  /** For example `job.succeeded`. */
  readonly kind: string;
  /** Bare uuid. */
  readonly jobId: string;
  /** seq of the transition in the job's timeline. */
  readonly seq: number;
  readonly at: Date;
}

/**
 * What has to happen outside when something happened to a job: one class per consumer, bound in the composition root.
 * Called at least once per event, in no promised order (`seq` tells it within a job), and again, for all consumers of the
 * event, when one of them failed.
 */
export abstract class SideEffect {
  /** True when this consumer wants events of this kind. */
  abstract wants(kind: string): boolean;
  /** Resolves when the effect is durable. A rejection is tried again later with the same `event.id`. */
  abstract apply(event: SideEvent): Promise<void>;
}
