import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsDate,
  IsIn,
  IsInt,
  IsString,
  Max,
  Min,
} from 'class-validator';
import { publicId } from '../../../common/ids.js';
import { PageOf } from '../../../http/page.js';
import { PlainLine } from '../../../http/plain-line.decorator.js';
import { IfGiven } from '../../dto/if-given.decorator.js';
import { GRANTABLE_TO_KEYS, type Scope } from '../../scopes.js';
import type { IssuedApiKey } from '../api-key-administration.js';
import type { ApiKey } from '../api-key.js';

const DAY_MS = 86_400_000;
const SCOPES = [...GRANTABLE_TO_KEYS];

/** A key to create. */
@ApiSchema({ name: 'CreateApiKey' })
export class CreateApiKeyDto {
  @PlainLine({
    maxLength: 100,
    description: 'Without control characters',
    example: 'Line 3 camera',
    isNeverBlank: true,
  })
  name: string;

  @ApiProperty({
    enum: SCOPES,
    isArray: true,
    description: 'What it may do; only what you may do yourself',
    example: ['jobs:read', 'jobs:write', 'files:write'],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(SCOPES.length)
  @ArrayUnique()
  @IsIn(SCOPES, { each: true, message: 'must be scopes that a key may hold' })
  scopes: Scope[];

  @ApiPropertyOptional({ enum: ['live', 'test'], default: 'live', description: 'Shown in the key', example: 'live' })
  @IfGiven()
  @IsIn(['live', 'test'])
  mode?: 'live' | 'test';

  @ApiPropertyOptional({ format: 'date-time', description: 'Default: never', example: '2027-11-23T00:00:00.000Z' })
  @IfGiven()
  @Type(() => Date)
  @IsDate()
  expiresAt?: Date;

  @ApiPropertyOptional({
    type: [String],
    description: 'Ranges (CIDR) that may use it, at most 50. Default: any address',
    example: ['203.0.113.0/24'],
  })
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  allowedCidrs?: string[];
}

/** How to rotate. */
@ApiSchema({ name: 'RotateApiKey' })
export class RotateApiKeyDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 30 * DAY_MS,
    default: DAY_MS,
    description: 'How long the old key stays good, ms. 0: it ends at once',
    example: DAY_MS,
  })
  @IfGiven()
  @IsInt()
  @Min(0)
  @Max(30 * DAY_MS)
  overlapMs: number = DAY_MS;
}

/** An API key. */
@ApiSchema({ name: 'ApiKey' })
export class ApiKeyDto {
  @ApiProperty({ example: 'key_01m8323e5rfaqba79afy7192zq' })
  id: string;

  @ApiProperty({ enum: ['api_key'], example: 'api_key' })
  object: 'api_key';

  @ApiProperty({ example: 'Line 3 camera' })
  name: string;

  @ApiProperty({ description: 'First characters of the key', example: 'maru_live_A1b2C3' })
  prefix: string;

  @ApiProperty({ example: 'x9Qz' })
  last4: string;

  @ApiProperty({
    enum: ['active', 'replaced', 'expired'],
    description: '`replaced`: good until `expiresAt`',
    example: 'active',
  })
  status: 'active' | 'replaced' | 'expired';

  @ApiProperty({ enum: SCOPES, isArray: true, example: ['jobs:read', 'jobs:write', 'files:write'] })
  scopes: string[];

  @ApiProperty({ type: [String], description: 'Empty: any address', example: [] })
  allowedCidrs: string[];

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: null })
  expiresAt: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'Within a minute',
    example: '2026-11-23T02:00:00.000Z',
  })
  lastUsedAt: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'mem_01m8323e5reaxrt2ryy9phpt8y' })
  createdBy: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Key that a rotation made', example: null })
  replacedBy: string | null;

  @ApiProperty({ format: 'date-time', example: '2026-11-20T02:00:00.000Z' })
  createdAt: string;
}

/** A new key, with the only sight of it. */
@ApiSchema({ name: 'IssuedApiKey' })
export class IssuedApiKeyDto extends ApiKeyDto {
  @ApiProperty({
    description: 'Shown this once; keep it like a password',
    example: 'maru_live_A1b2C3d4E5f60000000000000000000000000000000000000000000000000abcdef',
  })
  key: string;
}

/** One page of keys. */
export const ApiKeyPageDto = PageOf(ApiKeyDto, 'ApiKeyPage');

/** The public form of a key. */
export function toApiKeyDto(key: ApiKey): ApiKeyDto {
  const { name, start, last4, createdBy, replacedBy } = key;
  return {
    id: publicId('apiKey', key.id),
    object: 'api_key',
    name,
    prefix: start,
    last4,
    status: key.isExpired ? 'expired' : replacedBy ? 'replaced' : 'active',
    scopes: [...key.scopes],
    allowedCidrs: [...key.allowedCidrs],
    expiresAt: key.expiresAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    createdBy,
    replacedBy: replacedBy && publicId('apiKey', replacedBy),
    createdAt: key.createdAt.toISOString(),
  };
}

/** The same with the key itself. */
export function toIssuedApiKeyDto({ record, key }: IssuedApiKey): IssuedApiKeyDto {
  return { ...toApiKeyDto(record), key };
}
