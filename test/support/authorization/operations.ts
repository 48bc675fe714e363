import type { OpenAPIObject } from '@nestjs/swagger';

type Json = Record<string, unknown>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly example?: unknown;
  readonly schema?: { readonly example?: unknown };
}

/** An operation of the document, as far as it tells how to call it and who may. */
export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{name}` for what it takes from the path. */
  readonly path: string;
  /** Declared permission: a scope, `any` or `public`. */
  readonly scope: string;
  /** Names in the path, each with the example of the document. */
  readonly names: Readonly<Record<string, string | null>>;
  /** Success statuses that are documented. */
  readonly successes: readonly number[];
  /** Does it answer with server-sent events? */
  readonly isStream: boolean;
  /** A JSON body made of the examples of the document; undefined when it takes none. */
  readonly exampleBody: unknown;
}

interface DocumentedOperation {
  readonly operationId?: string;
  readonly 'x-scope'?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Json }>>;
}

/** Every operation of the document of a running application. */
export function operationsOf(document: OpenAPIObject): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, DocumentedOperation>).map(([method, operation]) =>
      operationOf(document, path, method, operation),
    ),
  );
}

function operationOf(document: OpenAPIObject, path: string, method: string, o: DocumentedOperation): Operation {
  const inPath = (o.parameters ?? []).filter((parameter) => parameter.in === 'path');
  const example = ({ example: own, schema }: Parameter) => (own ?? schema?.example ?? null) as string | null;
  const schema = o.requestBody?.content['application/json']?.schema;
  return {
    id: o.operationId ?? `${method} ${path}`,
    method: method.toUpperCase() as Operation['method'],
    path,
    scope: o['x-scope'] ?? 'none',
    names: Object.fromEntries(inPath.map((parameter) => [parameter.name, example(parameter)])),
    successes: Object.keys(o.responses)
      .map(Number)
      .filter((status) => status >= 200 && status < 300),
    isStream: o.responses['200']?.content?.['text/event-stream'] !== undefined,
    exampleBody: schema && exampleOf(document, schema),
  };
}

/** What the document shows of a schema: its example, else its required members. */
function exampleOf(document: OpenAPIObject, schema: Json): unknown {
  const known = resolve(document, schema);
  if (known['example'] !== undefined) return known['example'];
  if (Array.isArray(known['enum'])) return known['enum'][0];
  if (known['type'] === 'array') return [];
  const members = (known['properties'] ?? {}) as Record<string, Json>;
  const required = (known['required'] ?? []) as string[];
  return Object.fromEntries(required.map((name) => [name, exampleOf(document, members[name] ?? {})]));
}

function resolve(document: OpenAPIObject, schema: Json): Json {
  const reference = schema['$ref'] as string | undefined;
  if (!reference) return schema;
  const named = (document.components?.schemas ?? {})[reference.split('/').at(-1) ?? ''] as Json | undefined;
  return {
    ...resolve(document, named ?? {}),
    ...(schema['example'] === undefined ? {} : { example: schema['example'] }),
  };
}
