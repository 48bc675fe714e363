/** The child answered a request with an error of its own; it is well and goes on. */
export class RequestRefusedError extends Error {}

/**
 * `deadline`: we killed it because its answer came too late. `died`: it crashed or left by itself. `killed`: a signal ended
 * it that no fault of its own raises, so somebody sent it: an operator, or the kernel when memory ran out. `stopped`: we
 * wanted it to end.
 */
export type EndReason = 'deadline' | 'died' | 'killed' | 'stopped';

/** The child process ended before it answered. `head`: this request was the one that it was working on. */
export class ProcessEndedError extends Error {
  constructor(
    message: string,
    readonly reason: EndReason,
    readonly head: boolean,
  ) {
    super(message);
  }
}
