import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { AuditActor } from '../../audit/audit-trail.js';
import { ApiProblems } from '../../http/api-problems.decorator.js';
import { type Page, pageOf } from '../../http/page.js';
import { PageQueryDto } from '../../http/page-query.dto.js';
import { type PageBinding, PageTokens } from '../../http/page-tokens.js';
import { PublicIdPipe } from '../../http/public-id.pipe.js';
import { Actor } from '../actor.decorator.js';
import { Authenticated } from '../authenticated.decorator.js';
import {
  ChangeOperatorDto,
  CreateOperatorDto,
  OperatorDto,
  OperatorPageDto,
  toOperatorDto,
} from './dto/operator.dto.js';
import { OperatorAdministration } from './operator-administration.js';

const LIST: PageBinding = { tenantId: null, list: 'admin-operators', filters: {} };
const ID = { name: 'id', example: 'opr_01m8323e5reaxrt2ryy9phpt8y' };
const Id = () => Param('id', new PublicIdPipe('operator'));

/** The people who run this installation. */
@ApiTags('Operator')
@Controller('v1/admin/operators')
export class OperatorsController {
  constructor(
    private readonly operators: OperatorAdministration,
    private readonly pageTokens: PageTokens,
  ) {}

  @Get()
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'listOperators',
    summary: 'Operators, oldest first',
    description: 'Everybody who may run this installation.',
  })
  @ApiOkResponse({ type: OperatorPageDto })
  async list(@Query() query: PageQueryDto): Promise<Page<OperatorDto>> {
    const rows = await this.operators.list(query.limit + 1, this.pageTokens.open(query.pageToken, LIST));
    return pageOf(rows, query.limit, toOperatorDto, (last) => this.pageTokens.seal(last.id, LIST));
  }

  @Post()
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'createOperator',
    summary: 'Create an operator',
    description: 'Active at once, with a first password that you hand on.',
  })
  @ApiCreatedResponse({ type: OperatorDto })
  @ApiProblems('already-exists', 413, 415, 422)
  async create(@Body() body: CreateOperatorDto, @Actor() actor: AuditActor): Promise<OperatorDto> {
    return toOperatorDto(await this.operators.create(body, actor));
  }

  @Patch(':id')
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'changeOperator',
    summary: 'Change name, status or password of an operator',
    description: 'Another status or password ends their sessions within 5 s. The last active operator stays one.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: OperatorDto })
  @ApiProblems(404, 'invalid-state-transition', 413, 415, 422)
  async change(@Id() id: string, @Body() body: ChangeOperatorDto, @Actor() actor: AuditActor): Promise<OperatorDto> {
    return toOperatorDto(await this.operators.change(id, body, actor));
  }

  @Delete(':id')
  @HttpCode(204)
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'removeOperator',
    summary: 'Remove an operator',
    description: 'Ends their sessions. The last active operator cannot be removed.',
  })
  @ApiParam(ID)
  @ApiNoContentResponse({ description: 'The operator is gone' })
  @ApiProblems(404, 'invalid-state-transition')
  async remove(@Id() id: string, @Actor() actor: AuditActor): Promise<void> {
    await this.operators.remove(id, actor);
  }

  @Delete(':id/second-factor')
  @HttpCode(204)
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'removeOperatorSecondFactor',
    summary: 'Remove the second factor of an operator',
    description: 'For somebody who lost phone and recovery codes.',
  })
  @ApiParam(ID)
  @ApiNoContentResponse({ description: 'The operator has no second factor' })
  @ApiProblems(404)
  async removeSecondFactor(@Id() id: string, @Actor() actor: AuditActor): Promise<void> {
    await this.operators.removeSecondFactor(id, actor);
  }
}
