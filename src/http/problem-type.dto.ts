import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { type ProblemSlug, problemType } from './problem-types.js';

/** Meaning and cure of one kind of problem. */
@ApiSchema({ name: 'ProblemType' })
export class ProblemTypeDto {
  @ApiProperty({ example: 'problem_type' })
  object: 'problem_type';

  @ApiProperty({ example: 'not-found' })
  code: string;

  @ApiProperty({ type: 'integer', example: 404 })
  status: number;

  @ApiProperty({ example: 'Not found' })
  title: string;

  @ApiProperty({
    description: 'What it means and what to do',
    example: 'There is nothing at this address, or it is not yours.',
  })
  cure: string;
}

/** The description of a problem type. */
export function toProblemTypeDto(slug: ProblemSlug): ProblemTypeDto {
  const { status, title, cure } = problemType(slug);
  return { object: 'problem_type', code: slug, status, title, cure };
}
