import { DomainError } from '../common/domain-error.js';

/** Two analyzers claim one slug: the process must not start. */
export class DuplicateAnalyzerError extends DomainError {
  readonly code = 'duplicate-analyzer';
  constructor(slug: string, first: string, second: string) {
    super(`The analyzers ${first} and ${second} both have the slug "${slug}". Give one of them another slug.`);
  }
}

/** No analyzer has this slug. */
export class AnalyzerNotFoundError extends DomainError {
  readonly code = 'not-found';
  constructor(slug: string) {
    super(`There is no analyzer "${slug}". GET /v1/analyzers lists those that you may use.`);
  }
}
