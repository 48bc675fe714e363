import { randomUUID } from 'node:crypto';
import { Controller, Delete, Get, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Authenticated } from '../../src/auth/authenticated.decorator.js';
import { AuthModule } from '../../src/auth/auth.module.js';
import { Members } from '../../src/auth/members.service.js';
import { Operators } from '../../src/auth/operators.service.js';
import type { MemberRole } from '../../src/auth/scopes.js';
import { Tenant, type TenantContext } from '../../src/auth/tenant-context.js';
import { PlatformPool } from '../../src/database/role-pool.js';
import { TenantOnboarding } from '../../src/tenants/tenant-onboarding.js';
import { httpApp } from './http-app.js';

export const PASSWORD = 'correct horse battery staple';

/** Routes that ask for something, to see who gets in. */
@Controller('v1/probe')
class ProbeController {
  @Get()
  @Authenticated({ scope: 'jobs:read' })
  read(@Tenant() context: TenantContext): { tenantId: string } {
    return { tenantId: context.tenantId };
  }

  @Post()
  @Authenticated({ scope: 'jobs:write' })
  write(@Tenant() context: TenantContext): { tenantId: string } {
    return { tenantId: context.tenantId };
  }

  @Delete()
  @Authenticated({ scope: 'platform:manage' })
  manage(): { done: true } {
    return { done: true };
  }
}

@Module({ controllers: [ProbeController] })
class ProbeModule {}

/** The auth room with a probe controller, on the database of this test file. */
export function authApp(): Promise<NestFastifyApplication> {
  return httpApp(AuthModule, ProbeModule);
}

/** A member who can sign in. */
export interface TestMember {
  readonly tenantId: string;
  readonly slug: string;
  readonly memberId: string;
  readonly email: string;
}

/** A new tenant with one member. */
export async function tenantWithMember(app: NestFastifyApplication, role: MemberRole = 'owner'): Promise<TestMember> {
  const slug = `t${randomUUID().slice(0, 8)}`;
  const tenantId = await app.get(TenantOnboarding, { strict: false }).create({ slug, name: slug });
  const email = `${role}@${slug}.example`;
  const member = { email, name: role, role, password: PASSWORD };
  const memberId = await app.get(Members, { strict: false }).create(tenantId, member);
  return { tenantId, slug, memberId, email };
}

/** A new operator. */
export async function newOperator(app: NestFastifyApplication): Promise<{ email: string; id: string }> {
  const email = `${randomUUID().slice(0, 8)}@maru.example`;
  return {
    email,
    id: await app.get(Operators, { strict: false }).create({ email, name: 'Operator', password: PASSWORD }),
  };
}

/** Suspends or resumes a tenant as an operator would. */
export async function setTenantStatus(app: NestFastifyApplication, tenantId: string, status: 'active' | 'suspended') {
  await app
    .get(PlatformPool, { strict: false })
    .query('update maru.tenants set status = $2 where id = $1', [tenantId, status]);
}

/** Signs in; fails the test when that does not succeed. */
export async function signIn(app: NestFastifyApplication, member: { slug?: string; email: string }) {
  const response = await app.inject({
    method: 'POST',
    url: '/v1/auth/login',
    payload: { tenant: member.slug, email: member.email, password: PASSWORD },
  });
  if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${response.body}`);
  return response.json<{ accessToken: string; tokenType: string; expiresIn: number; refreshToken: string }>();
}
