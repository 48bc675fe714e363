import type { OpenAPIObject } from '@nestjs/swagger';
import { expect, it } from 'vitest';
import { documentLimits } from './document-limits.js';

it('adds the headers to every response of every operation, and keeps those there are', () => {
  const etag = { schema: { type: 'string' as const } };
  const paths = {
    '/a': {
      parameters: [],
      get: { responses: { '200': { description: '', headers: { ETag: etag } }, '404': { description: '' } } },
      post: { responses: { default: { description: '' } } },
    },
  };
  const document = documentLimits({ openapi: '3.1.0', info: { title: '', version: '' }, paths } as OpenAPIObject);
  const item = document.paths['/a']!;
  const responses = [...Object.values(item.get!.responses), ...Object.values(item.post!.responses)];
  expect(responses).toHaveLength(3);
  for (const response of responses) expect(response).toHaveProperty(['headers', 'RateLimit-Policy', 'example']);
  expect(responses[0]).toHaveProperty('headers.ETag', etag);
});
