import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsString, Length, Matches, MaxLength, MinLength } from 'class-validator';
import { publicId } from '../../../common/ids.js';
import { PLAIN_TEXT } from '../../../common/plain-text.js';
import { PageOf } from '../../../http/page.js';
import { IfGiven } from '../../dto/if-given.decorator.js';
import type { Operator } from '../operator-list.repository.js';

const PASSWORD = {
  format: 'password',
  minLength: 8,
  maxLength: 200,
  description: 'To be changed by its owner at the first sign-in; what is tried first is refused',
  example: 'seven lamps above the quay',
};

/** An operator to create. */
@ApiSchema({ name: 'CreateOperator' })
export class CreateOperatorDto {
  @ApiProperty({ format: 'email', example: 'jun@maru.example' })
  @IsString()
  @Length(3, 254)
  email: string;

  @ApiProperty({ minLength: 1, maxLength: 100, description: 'Without control characters', example: 'Jun Park' })
  @IsString()
  @Length(1, 100)
  @Matches(PLAIN_TEXT, { message: 'must not contain control characters' })
  name: string;

  @ApiProperty(PASSWORD)
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  password: string;
}

/** What to change of an operator. */
@ApiSchema({ name: 'ChangeOperator' })
export class ChangeOperatorDto {
  @ApiPropertyOptional({ minLength: 1, maxLength: 100, example: 'Jun Park' })
  @IfGiven()
  @IsString()
  @Length(1, 100)
  @Matches(PLAIN_TEXT, { message: 'must not contain control characters' })
  @Matches(/\S/, { message: 'must not be blank' })
  name?: string;

  @ApiPropertyOptional({ enum: ['active', 'disabled'], description: 'Disabled ends every session', example: 'active' })
  @IfGiven()
  @IsIn(['active', 'disabled'])
  status?: 'active' | 'disabled';

  @ApiPropertyOptional(PASSWORD)
  @IfGiven()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  password?: string;
}

/** Somebody who runs the installation. */
@ApiSchema({ name: 'Operator' })
export class OperatorDto {
  @ApiProperty({ example: 'opr_01m8323e5reaxrt2ryy9phpt8y' })
  id: string;

  @ApiProperty({ enum: ['operator'], example: 'operator' })
  object: 'operator';

  @ApiProperty({ format: 'email', example: 'jun@maru.example' })
  email: string;

  @ApiProperty({ example: 'Jun Park' })
  name: string;

  @ApiProperty({ enum: ['active', 'disabled'], example: 'active' })
  status: 'active' | 'disabled';

  @ApiProperty({ format: 'date-time', example: '2026-11-20T02:00:00.000Z' })
  createdAt: string;
}

/** One page of operators. */
export const OperatorPageDto = PageOf(OperatorDto, 'OperatorPage');

/** The public form of an operator. */
export function toOperatorDto({ id, email, name, status, createdAt }: Operator): OperatorDto {
  return { id: publicId('operator', id), object: 'operator', email, name, status, createdAt: createdAt.toISOString() };
}
