import { ApiSchema } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { EmailAddress } from '../../auth/dto/credential-fields.js';
import { PlainLine } from '../../http/plain-line.decorator.js';

/** Whom the platform invites as the first owner of a tenant. */
@ApiSchema({ name: 'InviteOwner' })
export class InviteOwnerDto {
  @EmailAddress('owner@hanbit.example')
  email: string;

  @IsOptional()
  @PlainLine({
    required: false,
    maxLength: 100,
    description: 'Default: the part of the address before the @',
    example: 'Mina Kim',
  })
  name?: string;
}
