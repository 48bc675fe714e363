import { NotAcceptableError } from '../jobs.errors.js';

/** Throws NotAcceptableError when a client says that it takes no event stream. */
export function assertAcceptsEvents(accept: string | undefined): void {
  if (accept !== undefined && !/text\/event-stream|text\/\*|\*\/\*/i.test(accept)) {
    throw new NotAcceptableError('This route answers with text/event-stream. Accept it, or read the job itself.');
  }
}
