import { ApiProperty, ApiSchema, PickType } from '@nestjs/swagger';
import { LoginDto } from '../../dto/login.dto.js';

/** Query of GET /v1/auth/sign-in-methods. */
export class SignInMethodsQueryDto extends PickType(LoginDto, ['tenant']) {}

/** A button beside the password. */
@ApiSchema({ name: 'SignInProvider' })
export class SignInProviderDto {
  @ApiProperty({ example: 'Hanbit ID' })
  label: string;

  @ApiProperty({
    description: 'Address for the browser to go to, on a host of the tenant; `returnTo` may name a path of the portal',
    example: 'http://hanbit.localhost:3000/v1/auth/oidc/start',
  })
  url: string;
}

/** How people may sign in here. */
@ApiSchema({ name: 'SignInMethods' })
export class SignInMethodsDto {
  @ApiProperty({ enum: ['sign_in_methods'], example: 'sign_in_methods' })
  object: 'sign_in_methods';

  @ApiProperty({ type: SignInProviderDto, nullable: true, description: 'Null: with a password only' })
  oidc: SignInProviderDto | null;
}
