import { MalformedRequestError } from '../../http/http.errors.js';

/** A seq: 0 to 9 digits are far more than a smallint holds. */
const SEQ = /^\d{1,9}$/;

/** The seq in a query parameter; null without one. */
export function seqQuery(name: string, value: unknown): number | null {
  if (value === undefined || value === '') return null;
  if (typeof value !== 'string' || !SEQ.test(value))
    throw new MalformedRequestError(`${name} must be a whole number, 0 or more.`);
  return Number(value);
}

/** Where a stream resumes: the Last-Event-ID header, else `afterSeq`; null for a first connection. */
export function cursorOf(lastEventId: string | undefined, afterSeq: unknown): number | null {
  if (lastEventId === undefined || lastEventId === '') return seqQuery('afterSeq', afterSeq);
  if (!SEQ.test(lastEventId))
    throw new MalformedRequestError('Last-Event-ID must be the id of an event of this stream.');
  return Number(lastEventId);
}
