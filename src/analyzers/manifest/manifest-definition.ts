import type { AnalyzerDefinition, ObjectSchema } from '../analyzer.js';
import type { AnalyzerManifest } from './analyzer-manifest.js';

type Derived = Pick<AnalyzerDefinition, 'inputSchema' | 'unit'> & {
  readonly output: Readonly<Record<string, unknown>>;
  readonly renderer: AnalyzerDefinition['view']['renderer'];
  readonly labels?: readonly string[];
};

/** The parts of a definition that every manifest gives alike. All fields of `output` are always there. */
export function definitionOf(manifest: AnalyzerManifest, derived: Derived): AnalyzerDefinition {
  const { slug, title, description, limits } = manifest;
  const outputSchema: ObjectSchema = {
    type: 'object',
    properties: derived.output as ObjectSchema['properties'],
    required: Object.keys(derived.output),
    additionalProperties: false,
  };
  return {
    slug,
    // Versions of the model under one slug take the same input: the analyzer's own version does not change with them.
    version: String(manifest.manifestVersion),
    name: title,
    description: description ?? title,
    inputSchema: derived.inputSchema,
    outputSchema,
    view: {
      renderer: derived.renderer,
      labels: (derived.labels ?? []).map((label) => ({ id: label, label: { en: label, ko: label } })),
    },
    model: slug,
    limits: { maxInputBytes: limits.maxFileBytes, maxDurationMs: limits.deadlineMs },
    unit: derived.unit,
  };
}
