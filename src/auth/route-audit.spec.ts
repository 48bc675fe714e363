import { Controller, Get, Post } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { expect, it } from 'vitest';
import { Authenticated } from './authenticated.decorator.js';
import { RouteAudit } from './route-audit.js';

@Controller('guarded')
class GuardedController {
  @Get()
  @Authenticated({ scope: 'jobs:read' })
  read() {
    return {};
  }

  notARoute() {
    return {};
  }
}

@Controller('half')
class HalfGuardedController {
  @Get()
  @Authenticated({ scope: 'public' })
  read() {
    return {};
  }

  @Post()
  forgotten() {
    return {};
  }
}

async function boot(...controllers: (typeof GuardedController | typeof HalfGuardedController)[]) {
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule],
    providers: [RouteAudit],
    controllers,
  }).compile();
  const app = module.createNestApplication(new FastifyAdapter(), { logger: false });
  return app.init().finally(() => app.close());
}

it('boots when every route declares its permission', async () => {
  await expect(boot(GuardedController)).resolves.toBeDefined();
});

it('stops the boot and names each route that declares none', async () => {
  await expect(boot(GuardedController, HalfGuardedController)).rejects.toThrow(
    /HalfGuardedController\.forgotten \(POST\)$/,
  );
});
