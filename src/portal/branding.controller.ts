import { Controller, Get, Header, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { NotFoundError } from '../common/domain-error.js';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { BrandingDto, BrandingQueryDto, toBrandingDto } from './dto/branding.dto.js';
import { VisitorRealm } from './visitor-realm.js';

@ApiTags('Branding')
@Controller('v1/branding')
export class BrandingController {
  constructor(private readonly realm: VisitorRealm) {}

  @Get()
  @Authenticated({ scope: 'public' })
  @Header('Cache-Control', 'no-cache')
  @Header('Vary', 'Host')
  @ApiOperation({
    operationId: 'getBranding',
    summary: 'Published brand',
    description: 'The public part of the published brand of the tenant that the host names.',
  })
  @ApiOkResponse({ type: BrandingDto, description: 'The published brand' })
  @ApiProblems(404)
  async get(@Req() request: FastifyRequest, @Query() { slug }: BrandingQueryDto): Promise<BrandingDto> {
    const host = request.headers.host;
    const realm = await this.realm.of(host);
    const tenant = slug ? await this.realm.atPath(host, slug) : realm.kind === 'tenant' ? realm.tenant : null;
    if (!tenant || tenant.status === 'suspended') throw new NotFoundError();
    return toBrandingDto(tenant);
  }
}
