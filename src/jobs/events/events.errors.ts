import { DomainError } from '../../common/domain-error.js';

/** The cursor is older than what the event log still holds. */
export class EventHistoryExpiredError extends DomainError {
  readonly code = 'event-history-expired';
  constructor() {
    super(
      'The event log no longer reaches back to this cursor. Read your jobs with GET /v1/jobs, then follow the stream without a cursor.',
    );
  }
}
