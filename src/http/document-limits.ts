import type { OpenAPIObject } from '@nestjs/swagger';

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'options', 'head'] as const;

const HEADERS = {
  'RateLimit-Policy': {
    description: 'Limits that count this request: quota `q`, window `w` in seconds, unit `qu` when it is not requests',
    schema: { type: 'string' },
    example: '"submit";q=600;w=60, "requests";q=1200;w=60',
  },
  RateLimit: {
    description: 'What is left: `r`, until a new window begins in `t` seconds',
    schema: { type: 'string' },
    example: '"submit";r=598;t=12, "requests";r=1190;t=12',
  },
} as const;

/** Documents the RateLimit headers on every response of every operation: they are on all of them. */
export function documentLimits(document: OpenAPIObject): OpenAPIObject {
  for (const item of Object.values(document.paths)) {
    for (const method of METHODS) {
      for (const response of Object.values(item[method]?.responses ?? {})) {
        if (response && !('$ref' in response)) response.headers = { ...response.headers, ...HEADERS };
      }
    }
  }
  return document;
}
