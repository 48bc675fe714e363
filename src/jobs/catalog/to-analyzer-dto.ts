import type { AnalyzerDefinition } from '../../analyzers/analyzer.js';
import type { AnalyzerDto } from '../dto/analyzer.dto.js';
import { STAGES } from '../transition.js';

/** An analyzer as clients see it. `models`: public ids of the models that serve it. */
export function toAnalyzerDto(definition: AnalyzerDefinition, models: readonly string[]): AnalyzerDto {
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
    price: { unit: definition.unit, units: 1, amount: null },
    latency: null,
    eta: null,
  };
}
