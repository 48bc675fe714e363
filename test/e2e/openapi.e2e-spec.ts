import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument } from '../../src/openapi.js';
import { type RunningApi, startApi } from '../support/app.js';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: unknown;
  readonly 'x-scope'?: string;
  readonly responses: Record<string, { content?: Record<string, unknown> }>;
}

describe('the OpenAPI document', () => {
  let api: RunningApi;
  let operations: [string, Operation][];

  beforeAll(async () => {
    api = await startApi();
    const { paths } = openApiDocument(api.app);
    operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]): [string, Operation] => [
        `${method} ${path}`,
        operation as Operation,
      ]),
    );
  });
  afterAll(() => api.stop());

  it('is the committed one (npm run openapi writes it)', async () => {
    const text = `${JSON.stringify(openApiDocument(api.app), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../../openapi.json');
  });

  it('is served as OpenAPI 3.1 beside Swagger UI', async () => {
    const document = (await (await fetch(`${api.baseUrl}/openapi.json`)).json()) as { openapi: string };
    expect(document.openapi).toBe('3.1.0');
    const ui = await fetch(`${api.baseUrl}/docs`);
    expect([ui.status, ui.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  });

  it('names, explains, tags and guards every operation', () => {
    const faults = operations.flatMap(([name, o]) => {
      const missing = [
        !o.operationId && 'operationId',
        !o.summary && 'summary',
        !o.description && 'description',
        !o.tags?.length && 'tag',
        !o.security && 'security',
        !o['x-scope'] && 'x-scope',
      ].filter(Boolean);
      return missing.length > 0 ? [`${name}: ${missing.join(', ')}`] : [];
    });
    expect(faults).toEqual([]);
    const ids = operations.map(([, o]) => o.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('documents problems as problem+json everywhere', () => {
    const faults = operations.flatMap(([name, o]) =>
      Object.entries(o.responses)
        .filter(([status]) => Number(status) >= 400)
        .filter(([, r]) => !r.content?.['application/problem+json'])
        .map(([status]) => `${name} ${status}`),
    );
    expect(faults).toEqual([]);
    expect(operations.filter(([, o]) => !o.responses['429']).map(([name]) => name)).toEqual([]);
  });
});
