import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { documentLimits } from './http/document-limits.js';

const DESCRIPTION = `Maru turns analysis requests into durable jobs. A \`202\` means that the job is stored: it survives any crash and ends
exactly once. Follow it by polling, by long-poll (\`?wait=\`), by server-sent events, or wait in the request with \`Prefer: wait\`.

Authenticate every call with \`Authorization: Bearer\` and an API key or an access token. The tenant comes from the credential.
Errors are \`application/problem+json\` (RFC 9457); \`GET /problems/{slug}\` explains each.`;

/** In the order of interest to somebody who integrates; the rest follows. */
const TAGS: Readonly<Record<string, string>> = {
  Jobs: 'Requests for an analysis and what becomes of them',
  Analyzers: 'What can be analyzed, with the schemas of inputs and results',
  Files: 'Inputs that are uploaded before the job that needs them',
  Authentication: 'Signing in, tokens and keys to verify them',
  Tenant: 'Your own company',
  Branding: 'How your portal looks',
  Operator: 'For those who run this installation',
  Service: 'Health, metrics and the meaning of errors',
};

/** The OpenAPI 3.1 document of the running application: for `/openapi.json`, for the committed file and for tests. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Maru API')
    .setVersion('2026-11-01')
    .setDescription(DESCRIPTION)
    .setLicense('Proprietary', 'https://maru.example/license')
    .setContact('Maru', 'https://maru.example', 'support@maru.example')
    .addServer('/', 'This installation')
    .addSecurity('bearer', {
      type: 'http',
      scheme: 'bearer',
      description: 'An API key or an access token (ES256 JWT).',
    })
    .addSecurity('session', {
      type: 'apiKey',
      in: 'cookie',
      name: 'maru_session',
      description: 'The portal’s session cookie.',
    });
  for (const [tag, description] of Object.entries(TAGS)) builder.addTag(tag, description);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (_controller, method) => method,
  });
  return documentLimits(document);
}
