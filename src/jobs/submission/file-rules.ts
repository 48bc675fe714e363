import type { FileRule, ObjectSchema } from '../../analyzers/analyzer.js';

/** The file fields of an input schema and what each accepts. */
export function fileRulesOf(schema: ObjectSchema): ReadonlyMap<string, FileRule> {
  const fields = Object.entries(schema.properties).flatMap(([name, property]) =>
    property['x-file'] ? [[name, property['x-file'] as FileRule] as const] : [],
  );
  return new Map(fields);
}
