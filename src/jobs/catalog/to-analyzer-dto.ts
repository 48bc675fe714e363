import type { AnalyzerDefinition } from '../../analyzers/analyzer.js';
import type { MoneyDto } from '../../http/money.dto.js';
import type { AnalyzerDto } from '../dto/analyzer.dto.js';
import { STAGES } from '../transition.js';

/** What a tenant is told of an analyzer beside its definition. */
export interface AnalyzerFacts extends Pick<AnalyzerDto, 'latency' | 'eta'> {
  /** Public ids of the models that serve it. */
  readonly models: readonly string[];
  /** Of one unit. */
  readonly price: MoneyDto | null;
}

/** An analyzer as clients see it. */
export function toAnalyzerDto(definition: AnalyzerDefinition, facts: AnalyzerFacts): AnalyzerDto {
  const { models, price, latency, eta } = facts;
  return {
    slug: definition.slug,
    object: 'analyzer',
    version: definition.version,
    name: { ...definition.name },
    description: { ...definition.description },
    inputSchema: definition.inputSchema,
    outputSchema: definition.outputSchema,
    stages: STAGES,
    view: {
      renderer: definition.view.renderer,
      labels: definition.view.labels.map(({ id, label }) => ({ id, label: { ...label } })),
    },
    models: [...models],
    limits: { ...definition.limits },
    price: { unit: definition.unit, units: 1, amount: price },
    latency,
    eta,
  };
}
