import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { AuditActor } from '../../audit/audit-trail.js';
import { ApiProblems } from '../../http/api-problems.decorator.js';
import { type Page, pageOf } from '../../http/page.js';
import { PageQueryDto } from '../../http/page-query.dto.js';
import { PageTokens } from '../../http/page-tokens.js';
import { PublicIdPipe } from '../../http/public-id.pipe.js';
import { Actor } from '../actor.decorator.js';
import { Authenticated } from '../authenticated.decorator.js';
import { CurrentPrincipal } from '../current-principal.decorator.js';
import type { Principal } from '../principal.js';
import { SessionDto, SessionPageDto, toSessionDto } from './dto/session.dto.js';
import { MySessions } from './my-sessions.js';

/** One's own sessions. */
@ApiTags('Authentication')
@Controller('v1/me/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: MySessions,
    private readonly pageTokens: PageTokens,
  ) {}

  @Get()
  @Authenticated({ scope: 'any' })
  @ApiOperation({
    operationId: 'listMySessions',
    summary: 'Where you are signed in, newest first',
    description: 'Browsers and clients with refresh tokens. An API key gets 403: it has no sessions.',
  })
  @ApiOkResponse({ type: SessionPageDto })
  async list(@CurrentPrincipal() principal: Principal, @Query() query: PageQueryDto): Promise<Page<SessionDto>> {
    const { tenantId, id, sessionId } = principal;
    const binding = { tenantId, list: 'sessions', filters: { of: id } };
    const after = this.pageTokens.open(query.pageToken, binding);
    const rows = await this.sessions.list(principal, query.limit + 1, after);
    return pageOf(
      rows,
      query.limit,
      (session) => toSessionDto(session, sessionId),
      (last) => this.pageTokens.seal(last.id, binding),
    );
  }

  @Delete()
  @HttpCode(204)
  @Authenticated({ scope: 'any' })
  @ApiOperation({
    operationId: 'endOtherSessions',
    summary: 'Sign out everywhere else',
    description: 'Ends every session but the one of this request, within 5 s.',
  })
  @ApiNoContentResponse({ description: 'Only this session is left' })
  async endOthers(@CurrentPrincipal() principal: Principal, @Actor() actor: AuditActor): Promise<void> {
    await this.sessions.endOthers(principal, actor);
  }

  @Delete(':id')
  @HttpCode(204)
  @Authenticated({ scope: 'any' })
  @ApiOperation({
    operationId: 'endMySession',
    summary: 'Sign out in one place',
    description: 'Its cookie, refresh tokens and access tokens are refused within 5 s.',
  })
  @ApiParam({ name: 'id', example: 'ses_01m8323e5reaxrt2ryy9phpt8y' })
  @ApiNoContentResponse({ description: 'The session has ended' })
  @ApiProblems(404)
  async end(
    @CurrentPrincipal() principal: Principal,
    @Param('id', new PublicIdPipe('session')) id: string,
    @Actor() actor: AuditActor,
  ): Promise<void> {
    await this.sessions.end(principal, id, actor);
  }
}
