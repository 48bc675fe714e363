import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';

/** Documents a 200 that is JSON, or CSV with a header row when the client accepts `text/csv` alone. */
export function ApiListOrCsv(type: Type): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiExtraModels(type),
    ApiOkResponse({
      description: 'JSON, or CSV with `Accept: text/csv`',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(type) } },
        'text/csv': { schema: { type: 'string' }, example: 'id,at\r\n' },
      },
    }),
  );
}
