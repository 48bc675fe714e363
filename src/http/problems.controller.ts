import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { NotFoundError } from '../common/domain-error.js';
import { ApiProblems } from './api-problems.decorator.js';
import { PublicRoute } from './permission.js';
import { ProblemTypeDto, toProblemTypeDto } from './problem-type.dto.js';
import { isProblemSlug } from './problem-types.js';

/** Where the `type` of a problem document leads. */
@ApiTags('Service')
@Controller('problems')
export class ProblemsController {
  @Get(':slug')
  @PublicRoute()
  @Header('Cache-Control', 'public, max-age=3600')
  @ApiOperation({
    operationId: 'getProblemType',
    summary: 'Meaning and cure of an error',
    description: 'Where the `type` of a problem document leads.',
  })
  @ApiParam({ name: 'slug', description: '`code` of a problem document', example: 'not-found' })
  @ApiOkResponse({ type: ProblemTypeDto })
  @ApiProblems(404)
  get(@Param('slug') slug: string): ProblemTypeDto {
    if (!isProblemSlug(slug)) throw new NotFoundError();
    return toProblemTypeDto(slug);
  }
}
