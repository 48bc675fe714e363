import { DomainError } from '../common/domain-error.js';
import { digestOf } from '../common/canonical-json.js';

/** `If-Match` does not name what is there now. */
export class PreconditionFailedError extends DomainError {
  readonly code = 'precondition-failed';
  constructor() {
    super('This was changed since you read it. Read it again, look at the changes, and send yours with the new ETag.');
  }
}

/** A strong tag of a representation. */
export function tagOf(representation: object): string {
  return `"${digestOf(representation).slice(7, 39)}"`;
}

/** @throws PreconditionFailedError unless the header is missing, `*`, or names the tag */
export function requireMatch(ifMatch: string | undefined, tag: string): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  if (!ifMatch.split(',').some((given) => given.trim() === tag)) throw new PreconditionFailedError();
}
