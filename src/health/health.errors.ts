import { DomainError } from '../common/domain-error.js';
import type { ReadinessChecks } from './readiness-checks.js';

/** This process should get no requests now; the checks say why. */
export class NotReadyError extends DomainError {
  readonly code = 'temporary-reduced-capacity';
  override readonly retryable = true;
  override readonly retryAfterSeconds = 1;
  override readonly extensions: { readonly checks: ReadinessChecks };

  constructor(checks: ReadinessChecks) {
    super('This process takes no requests at the moment; send them to another one or try again shortly.');
    this.extensions = { checks };
  }
}
