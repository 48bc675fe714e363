import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { FieldError } from '../common/domain-error.js';
import type { ObjectSchema } from './analyzer.js';

/** One for all schemas: compiling the rules of JSON Schema itself takes longer than any schema of ours. */
const COMPILER = new Ajv2020({ allErrors: true, strictTypes: true, strictTuples: true, verbose: true });
COMPILER.addKeyword('x-file');

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** Keywords whose fault lies on a property that the parameters name, not on the object that holds it. */
function pointerOf(error: ErrorObject): string {
  const property: unknown = error.params['missingProperty'] ?? error.params['additionalProperty'];
  return typeof property === 'string' ? `${error.instancePath}/${escaped(property)}` : error.instancePath;
}

const CODES: Readonly<Record<string, string>> = {
  required: 'required',
  additionalProperties: 'unknown_property',
  type: 'wrong_type',
  minimum: 'too_small',
  exclusiveMinimum: 'too_small',
  maximum: 'too_large',
  exclusiveMaximum: 'too_large',
  minItems: 'too_few',
  maxItems: 'too_many',
  minLength: 'too_short',
  maxLength: 'too_long',
  enum: 'not_allowed',
  const: 'not_allowed',
  pattern: 'bad_format',
  format: 'bad_format',
};

/** One sentence part that reads well behind the name of the field. */
function messageOf({ keyword, params, message, parentSchema }: ErrorObject): string {
  const limit = String(params['limit']);
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
      return 'is not a field of this analyzer';
    case 'type':
      return `must be of type ${String(params['type'])}`;
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'minItems':
      return `must have at least ${limit} items`;
    case 'maxItems':
      return `must have at most ${limit} items`;
    case 'oneOf':
      return `must give exactly one of ${alternatives(parentSchema)}`;
    default:
      return message ?? 'is not valid';
  }
}

/** The properties between which a `oneOf` of `required` lists lets a client choose. */
function alternatives(schema: unknown): string {
  const branches = (schema as { oneOf?: readonly { required?: readonly string[] }[] }).oneOf ?? [];
  return branches.flatMap((branch) => branch.required ?? []).join(', ');
}

/** Faults inside the branches of a `oneOf` only repeat the fault of the `oneOf` itself. */
const isBranch = (error: ErrorObject): boolean => /\/(oneOf|anyOf)\/\d+\//.test(error.schemaPath);

function toFieldError(error: ErrorObject): FieldError {
  const code = CODES[error.keyword] ?? (error.keyword === 'oneOf' ? 'one_of' : 'invalid');
  return { pointer: pointerOf(error), code, message: messageOf(error) };
}

/** Checks values against one JSON Schema 2020-12, compiled once. Defaults are not filled in and types not coerced. */
export class JsonSchemaValidator {
  private readonly check: ValidateFunction;

  constructor(private readonly schema: ObjectSchema) {
    this.check = COMPILER.compile(schema);
  }

  /** Every fault, with JSON pointers relative to the value; empty when it matches. */
  faultsOf(value: unknown): FieldError[] {
    if (this.check(value)) return [];
    return (this.check.errors ?? []).filter((error) => !isBranch(error)).map(toFieldError);
  }

  /** Lets go of the compiled schema; the compiler would keep it for ever. Call it when nobody checks with this any more. */
  dispose(): void {
    COMPILER.removeSchema(this.schema);
  }
}
