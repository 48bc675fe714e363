/** The child answered a request with an error of its own; it is well and goes on. */
export class RequestRefusedError extends Error {}

export type EndReason = 'deadline' | 'died' | 'stopped';

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
