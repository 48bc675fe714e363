import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { publicId } from '../../../common/ids.js';
import { PageOf } from '../../../http/page.js';
import { PlainLine } from '../../../http/plain-line.decorator.js';
import { EmailAddress, Password } from '../../dto/credential-fields.js';
import { IfGiven } from '../../dto/if-given.decorator.js';
import type { Operator } from '../operator-list.repository.js';

const PASSWORD = {
  minLength: 8,
  maxLength: 200,
  description: 'To be changed by its owner at the first sign-in; what is tried first is refused',
  example: 'seven lamps above the quay',
};

/** An operator to create. */
@ApiSchema({ name: 'CreateOperator' })
export class CreateOperatorDto {
  @EmailAddress('jun@maru.example')
  email: string;

  @PlainLine({ maxLength: 100, description: 'Without control characters', example: 'Jun Park' })
  name: string;

  @Password(PASSWORD)
  password: string;
}

/** What to change of an operator. */
@ApiSchema({ name: 'ChangeOperator' })
export class ChangeOperatorDto {
  @IfGiven()
  @PlainLine({ required: false, maxLength: 100, example: 'Jun Park', isNeverBlank: true })
  name?: string;

  @ApiPropertyOptional({ enum: ['active', 'disabled'], description: 'Disabled ends every session', example: 'active' })
  @IfGiven()
  @IsIn(['active', 'disabled'])
  status?: 'active' | 'disabled';

  @IfGiven()
  @Password({ required: false, ...PASSWORD })
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
