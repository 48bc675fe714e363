import { type CanActivate, type ExecutionContext, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AdminModule } from '../../src/admin/admin.module.js';
import type { AuthenticatedRequest } from '../../src/auth/principal.js';
import { SCOPES_OF_ROLE } from '../../src/auth/scopes.js';
import { newUuid, publicId } from '../../src/common/ids.js';
import { httpApp } from '../support/http-app.js';
import { query } from '../support/job-fixtures.js';
import { SchedulerBench } from '../support/scheduler-bench.js';

/** Stands in for the authentication guard, which has its own tests. */
class OperatorSignedIn implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    context.switchToHttp().getRequest<AuthenticatedRequest>().principal = {
      kind: 'operator',
      id: newUuid(),
      tenantId: null,
      role: 'operator',
      scopes: SCOPES_OF_ROLE.operator,
      credential: 'jwt',
      sessionId: newUuid(),
    };
    return true;
  }
}
@Module({ providers: [{ provide: APP_GUARD, useClass: OperatorSignedIn }] })
class SignedInModule {}

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await httpApp(AdminModule, SignedInModule);
});
afterAll(() => app.close());

const get = (url: string) => app.inject({ method: 'GET', url });

it('shows what a worker decided, and how good its estimates were, as of its heartbeat', async () => {
  const bench = await new SchedulerBench().ready();
  bench.runtime.isAutomatic = true;
  for (const size of [1, 4]) await bench.scheduler.submit(bench.item(`${size}`, { size }));
  await query(
    `insert into maru.workers (name, lease_until, stats) values ('test', clock_timestamp() + interval '1 min', $1)`,
    [JSON.stringify(bench.scheduler.stats())],
  );

  const decisions = await get('/v1/admin/scheduler/decisions');
  expect(decisions.statusCode).toBe(200);
  expect(decisions.json()).toMatchObject({
    object: 'list',
    data: [
      { workerId: 'worker-1', device: 'cpu:0', rows: 4, dispatchReason: 'device_free', job: null },
      { rows: 1, inferenceBatchId: null },
    ],
  });
  const { eta } = (await get('/v1/admin/scheduler')).json();
  expect(eta).toEqual([{ workerId: 'worker-1', samples: 2, coverageP90: expect.any(Number), medianAbsErrorMs: 0 }]);
});

it('knows no decisions of a job that does not exist', async () => {
  for (const id of [publicId('job', newUuid()), 'nonsense'])
    expect((await get(`/v1/admin/scheduler/decisions?jobId=${id}`)).statusCode).toBe(404);
});
