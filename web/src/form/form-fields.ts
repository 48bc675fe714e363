/** What a file field accepts, as the analyzer's schema says in `x-file`. */
export interface FileRule {
  readonly accept: readonly string[];
  readonly maxBytes: number;
}

interface FieldBase {
  readonly name: string;
  readonly description: string | null;
  readonly isRequired: boolean;
}

/** One input of the form. */
export type FormField =
  | (FieldBase & { readonly kind: 'file'; readonly rule: FileRule })
  | (FieldBase & {
      readonly kind: 'number';
      readonly min: number | null;
      readonly max: number | null;
      readonly isInteger: boolean;
      readonly byDefault: number | null;
    })
  | (FieldBase & { readonly kind: 'numbers'; readonly minItems: number; readonly maxItems: number | null })
  | (FieldBase & { readonly kind: 'choice'; readonly options: readonly string[]; readonly byDefault: string | null })
  | (FieldBase & { readonly kind: 'flag'; readonly byDefault: boolean })
  | (FieldBase & { readonly kind: 'text'; readonly maxLength: number | null });

/** The form of an analyzer: exactly one of `alternatives` (when there are any), and all of `fields`. */
export interface FormShape {
  readonly alternatives: readonly FormField[];
  readonly fields: readonly FormField[];
}

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const numberOr = <T>(value: unknown, other: T) => (typeof value === 'number' ? value : other);
const strings = (value: unknown) => (Array.isArray(value) ? value.filter((v) => typeof v === 'string') : []);

function fieldOf(name: string, schema: Schema, isRequired: boolean): FormField {
  const description = typeof schema['description'] === 'string' ? schema['description'] : null;
  const base = { name, description, isRequired };
  const file = schema['x-file'];
  if (isSchema(file)) {
    const rule = { accept: strings(file['accept']), maxBytes: numberOr(file['maxBytes'], Number.POSITIVE_INFINITY) };
    return { ...base, kind: 'file', rule };
  }
  if (schema['type'] === 'number' || schema['type'] === 'integer') {
    return {
      ...base,
      kind: 'number',
      min: numberOr(schema['minimum'], numberOr(schema['exclusiveMinimum'], null)),
      max: numberOr(schema['maximum'], numberOr(schema['exclusiveMaximum'], null)),
      isInteger: schema['type'] === 'integer',
      byDefault: numberOr(schema['default'], null),
    };
  }
  if (schema['type'] === 'array') {
    return {
      ...base,
      kind: 'numbers',
      minItems: numberOr(schema['minItems'], 0),
      maxItems: numberOr(schema['maxItems'], null),
    };
  }
  if (schema['type'] === 'boolean') return { ...base, kind: 'flag', byDefault: schema['default'] === true };
  if (Array.isArray(schema['enum'])) {
    const byDefault = typeof schema['default'] === 'string' ? schema['default'] : null;
    return { ...base, kind: 'choice', options: strings(schema['enum']), byDefault };
  }
  return { ...base, kind: 'text', maxLength: numberOr(schema['maxLength'], null) };
}

/** Names of a top-level `oneOf` of single required properties, such as "either values or file". */
function alternativeNames(schema: Schema): string[] {
  const branches = Array.isArray(schema['oneOf']) ? schema['oneOf'].filter(isSchema) : [];
  return branches.flatMap((branch) => (strings(branch['required']).length === 1 ? strings(branch['required']) : []));
}

/** Reads the form out of an analyzer's input schema. Files come first among alternatives: most people have one. */
export function formShape(schema: Schema): FormShape {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const required = new Set(strings(schema['required']));
  const chosen = new Set(alternativeNames(schema));
  const fields = Object.entries(properties)
    .filter((entry): entry is [string, Schema] => isSchema(entry[1]))
    .map(([name, property]) => fieldOf(name, property, required.has(name) || chosen.has(name)));
  const byFile = (a: FormField, b: FormField) => Number(b.kind === 'file') - Number(a.kind === 'file');
  return {
    alternatives: fields.filter((f) => chosen.has(f.name)).sort(byFile),
    fields: fields.filter((f) => !chosen.has(f.name)).sort(byFile),
  };
}
