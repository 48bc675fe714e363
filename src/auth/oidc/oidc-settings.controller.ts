import { Body, Controller, Delete, Get, Headers, HttpCode, Post, Put, Res } from '@nestjs/common';
import { ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { AuditActor } from '../../audit/audit-trail.js';
import { ApiProblems } from '../../http/api-problems.decorator.js';
import { Actor } from '../actor.decorator.js';
import { Authenticated } from '../authenticated.decorator.js';
import { Tenant, type TenantContext } from '../tenant-context.js';
import { OidcProviderDto, SetOidcProviderDto, toOidcProviderDto } from './dto/oidc-settings.dto.js';
import {
  OidcProviderTestDto,
  OidcRedirectUrisDto,
  TestOidcProviderDto,
  toOidcProviderTestDto,
} from './dto/oidc-test.dto.js';
import { OidcAddresses } from './oidc-addresses.js';
import { OidcAdministration, type TaggedOidcSettings } from './oidc-administration.js';

const TAGGED = { type: OidcProviderDto, headers: { ETag: { schema: { type: 'string' as const } } } };

/** How members of a tenant sign in besides their password; for its owners. */
@ApiTags('Tenant')
@Controller('v1/tenant/oidc')
export class OidcSettingsController {
  constructor(
    private readonly administration: OidcAdministration,
    private readonly addresses: OidcAddresses,
  ) {}

  @Get()
  @Authenticated({ scope: 'tenant:manage' })
  @ApiOperation({
    operationId: 'getOidcProvider',
    summary: 'The identity provider of your tenant',
    description: 'For owners. The client secret is never shown. 404 while none is set up.',
  })
  @ApiOkResponse(TAGGED)
  @ApiProblems(404)
  async get(
    @Tenant() context: TenantContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OidcProviderDto> {
    return this.shown(context, await this.administration.get(context), reply);
  }

  @Put()
  @Authenticated({ scope: 'tenant:manage' })
  @ApiOperation({
    operationId: 'setOidcProvider',
    summary: 'Set up the identity provider of your tenant',
    description:
      'For owners. OpenID Connect, authorization code with PKCE. The provider is asked for its metadata before anything is stored. A provider that is turned off is not asked. A member is found by a verified e-mail address the first time, then by issuer and subject. Audited.',
  })
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'ETag of the settings as you read them',
    example: '"3f2ab91c04de"',
  })
  @ApiOkResponse(TAGGED)
  @ApiProblems(412, 413, 415, 'validation-failed', 'unsafe-url')
  async set(
    @Tenant() context: TenantContext,
    @Body() body: SetOidcProviderDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Actor() actor: AuditActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OidcProviderDto> {
    return this.shown(context, await this.administration.put(context, body, ifMatch, actor), reply);
  }

  @Delete()
  @HttpCode(204)
  @Authenticated({ scope: 'tenant:manage' })
  @ApiOperation({
    operationId: 'removeOidcProvider',
    summary: 'Remove the identity provider of your tenant',
    description: 'For owners. Members keep their accounts and open sessions, and sign in with a password. Audited.',
  })
  @ApiNoContentResponse({ description: 'The button is gone' })
  @ApiProblems(404)
  async remove(@Tenant() context: TenantContext, @Actor() actor: AuditActor): Promise<void> {
    await this.administration.remove(context, actor);
  }

  @Post('test')
  @HttpCode(200)
  @Authenticated({ scope: 'tenant:manage' })
  @ApiOperation({
    operationId: 'testOidcProvider',
    summary: 'Ask an issuer for its metadata',
    description:
      'For owners. Tells whether the issuer can be reached and answers as an OpenID provider, before it is set up or when sign-ins fail. Nothing is stored, and the client secret is not sent: the provider judges that at the first sign-in.',
  })
  @ApiOkResponse({ type: OidcProviderTestDto })
  @ApiProblems(413, 415, 'validation-failed', 'unsafe-url')
  async test(@Tenant() context: TenantContext, @Body() { issuer }: TestOidcProviderDto): Promise<OidcProviderTestDto> {
    return toOidcProviderTestDto(await this.administration.test(context, issuer));
  }

  @Get('redirect-uris')
  @Authenticated({ scope: 'tenant:manage' })
  @ApiOperation({
    operationId: 'listOidcRedirectUris',
    summary: 'Addresses to register at an identity provider',
    description: 'Where a provider sends the browser back to. They are the same before one is set up.',
  })
  @ApiOkResponse({ type: OidcRedirectUrisDto })
  async redirectUris(@Tenant() { tenantId }: TenantContext): Promise<OidcRedirectUrisDto> {
    return { object: 'list', data: await this.addresses.callbacks(tenantId) };
  }

  private async shown({ tenantId }: TenantContext, settings: TaggedOidcSettings, reply: FastifyReply) {
    reply.header('ETag', settings.tag);
    return toOidcProviderDto(settings, await this.addresses.callbacks(tenantId));
  }
}
