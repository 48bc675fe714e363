import type { MessageEvent } from '@nestjs/common';
import type { Transition } from '../transition.js';
import type { EventCursor } from './event-cursor.js';

/** A transition in the event log. */
export class JobEvent {
  private built: MessageEvent | null = null;

  constructor(
    /** The place right after it. */
    readonly cursor: EventCursor,
    /** uuid. */
    readonly jobId: string,
    readonly transition: Transition,
  ) {}

  /** Its message, built once for all clients that get it. */
  message(build: (event: JobEvent) => MessageEvent): MessageEvent {
    return (this.built ??= build(this));
  }
}
