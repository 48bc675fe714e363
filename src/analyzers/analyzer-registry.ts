import { Inject, Injectable } from '@nestjs/common';
import type { FieldError } from '../common/domain-error.js';
import { Analyzer } from './analyzer.js';
import { AnalyzerNotFoundError, DuplicateAnalyzerError } from './analyzers.errors.js';
import { JsonSchemaValidator } from './json-schema-validator.js';

/** Injection token of the list of analyzers that this process knows. */
export const ANALYZERS = Symbol('ANALYZERS');

/** The analyzers of this process by slug. Schemas are compiled at boot, so a broken one stops the start. */
@Injectable()
export class AnalyzerRegistry {
  private readonly bySlug = new Map<string, Analyzer>();
  private readonly validators = new Map<string, JsonSchemaValidator>();

  /** @throws DuplicateAnalyzerError when two analyzers have one slug */
  constructor(@Inject(ANALYZERS) analyzers: readonly Analyzer[]) {
    for (const analyzer of analyzers) {
      const { slug, inputSchema } = analyzer.definition;
      const first = this.bySlug.get(slug);
      if (first) throw new DuplicateAnalyzerError(slug, first.constructor.name, analyzer.constructor.name);
      this.bySlug.set(slug, analyzer);
      this.validators.set(slug, new JsonSchemaValidator(inputSchema));
    }
  }

  /** All analyzers, ordered by slug. */
  list(): readonly Analyzer[] {
    return [...this.bySlug.values()].sort((a, b) => a.definition.slug.localeCompare(b.definition.slug, 'en'));
  }

  /** The analyzer with this slug, undefined when there is none. */
  find(slug: string): Analyzer | undefined {
    return this.bySlug.get(slug);
  }

  /** @throws AnalyzerNotFoundError */
  get(slug: string): Analyzer {
    const analyzer = this.bySlug.get(slug);
    if (!analyzer) throw new AnalyzerNotFoundError(slug);
    return analyzer;
  }

  /**
   * Faults of a job's input against the analyzer's input schema, pointers relative to the input object.
   * @throws AnalyzerNotFoundError
   */
  faultsOf(slug: string, input: unknown): FieldError[] {
    const validator = this.validators.get(slug);
    if (!validator) throw new AnalyzerNotFoundError(slug);
    return validator.faultsOf(input);
  }
}
