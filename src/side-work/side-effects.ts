import { Inject, Injectable, Optional } from '@nestjs/common';
import type { SideEffect, SideEvent } from './side-effect.js';

/** Token of the list of consumers. */
export const SIDE_EFFECTS = Symbol('side effects');

/** All consumers of this installation; the composition root names them. */
@Injectable()
export class SideEffects {
  constructor(@Optional() @Inject(SIDE_EFFECTS) private readonly effects: readonly SideEffect[] = []) {}

  /** Resolves when every consumer of this kind has done its part; rejects after all were tried when one failed. */
  async apply(event: SideEvent): Promise<void> {
    const wanting = this.effects.filter((effect) => effect.wants(event.kind));
    const outcomes = await Promise.allSettled(wanting.map((effect) => effect.apply(event)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }
}
