import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { AuditActor } from '../../audit/audit-trail.js';
import { Actor } from '../../auth/actor.decorator.js';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { ApiProblems } from '../../http/api-problems.decorator.js';
import { PlanDto, PlanListDto, toPlanDto } from './dto/plan.dto.js';
import { AddPriceDto, SetPlanDto } from './dto/set-plan.dto.js';
import { PlanAdministration } from './plan-administration.js';
import { PlanNamePipe } from './plan-name.pipe.js';

const NAME = { name: 'name', example: 'business' };
const Name = () => Param('name', new PlanNamePipe());

/** What the installation offers its tenants. */
@ApiTags('Operator')
@Controller('v1/admin/plans')
export class OperatorPlansController {
  constructor(private readonly plans: PlanAdministration) {}

  @Get()
  @Authenticated({ scope: 'platform:read' })
  @ApiOperation({
    operationId: 'listPlans',
    summary: 'Plans with their limits and prices',
    description: 'What a tenant can be given with `plan`. A tenant without one has `standard`.',
  })
  @ApiOkResponse({ type: PlanListDto })
  async list(): Promise<PlanListDto> {
    return { object: 'list', data: (await this.plans.list()).map(toPlanDto) };
  }

  @Put(':name')
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'setPlan',
    summary: 'Change the limits of a plan, or make one',
    description:
      'Absent limits stay; a new plan needs all of them. Holds within seconds for every tenant that has the plan and no exception. Audited.',
  })
  @ApiParam(NAME)
  @ApiOkResponse({ type: PlanDto })
  @ApiProblems(422)
  async set(@Name() name: string, @Body() { limits }: SetPlanDto, @Actor() actor: AuditActor): Promise<PlanDto> {
    return toPlanDto(await this.plans.put(name, limits, actor));
  }

  @Post(':name/prices')
  @HttpCode(200)
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'addPlanPrice',
    summary: 'Set what a unit costs from now or later on',
    description: 'Prices are only ever added, so that what was billed stays as it was. Audited.',
  })
  @ApiParam(NAME)
  @ApiOkResponse({ type: PlanDto })
  @ApiProblems(404, 'already-exists', 422)
  async addPrice(@Name() name: string, @Body() price: AddPriceDto, @Actor() actor: AuditActor): Promise<PlanDto> {
    const { unitPrice: value, ...rest } = price;
    return toPlanDto(await this.plans.addPrice(name, { value, ...rest }, actor));
  }
}
