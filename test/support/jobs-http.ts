import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AuthenticatedRequest } from '../../src/auth/principal.js';
import { newUuid } from '../../src/common/ids.js';
import { JobsApiModule } from '../../src/jobs/jobs-api.module.js';
import { JobStagesModule } from '../../src/jobs/stages/job-stages.module.js';
import { httpApp } from './http-app.js';
import { query } from './job-fixtures.js';
import { contextOf } from './job-room.js';
import { WORKER_PROVIDERS } from './job-worker.js';

/** Stands for authentication, which has tests of its own: the bearer token is the tenant's uuid. */
@Injectable()
class TenantFromToken implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    request.principal = contextOf(request.headers.authorization!.replace('Bearer ', '')).principal;
    return true;
  }
}

export const authenticatedByTenant = { provide: APP_GUARD, useClass: TenantFromToken };

class Room {}

/** The jobs room behind the real HTTP layer, and a worker's recording beside it. It listens on a free port. */
export async function jobsHttp(): Promise<{ app: NestFastifyApplication; baseUrl: string }> {
  const app = await httpApp(JobsApiModule, {
    module: Room,
    imports: [JobStagesModule],
    providers: [...WORKER_PROVIDERS, authenticatedByTenant],
    exports: WORKER_PROVIDERS,
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { app, baseUrl: await app.getUrl() };
}

/** A stored tenant that may use these analyzers; returns its uuid. */
export async function storedTenant(...slugs: string[]): Promise<string> {
  const id = newUuid();
  await query('insert into maru.tenants (id, slug, name) values ($1, $2, $3)', [id, `t-${id.slice(-12)}`, 'Tenant']);
  for (const slug of slugs) {
    await query('insert into maru.analyzers (tenant_id, id, slug) values ($1, $2, $3)', [id, newUuid(), slug]);
  }
  return id;
}
