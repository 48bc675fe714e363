import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { publicId } from '../../common/ids.js';
import { ALIASES, type ModelAlias } from '../aliases/model-alias.js';

@ApiSchema({ name: 'PointAlias', description: 'Which model an alias is to point at' })
export class PointAliasDto {
  @ApiProperty({ description: 'A model of this slug that is ready', example: 'mdl_01m8323e5rf42rbk4qyzd4e5r5' })
  @IsString()
  modelId: string;

  @ApiProperty({
    type: 'integer',
    required: false,
    minimum: 0,
    maximum: 100,
    default: 10,
    description: 'Part of the jobs that the canary takes, chosen by their id; only with `canary`',
    example: 10,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  percent?: number;
}

@ApiSchema({ name: 'ModelAlias', description: 'A pointer from an analyzer to the model that serves it' })
export class ModelAliasDto {
  @ApiProperty({ enum: ['model_alias'], example: 'model_alias' })
  object: 'model_alias';

  @ApiProperty({ description: 'Slug', example: 'leaf-disease' })
  analyzer: string;

  @ApiProperty({ enum: ALIASES, example: 'stable' })
  alias: string;

  @ApiProperty({ example: 'mdl_01m8323e5rf42rbk4qyzd4e5r5' })
  modelId: string;

  @ApiProperty({ type: 'integer', example: 100 })
  percent: number;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Where a rollback goes',
    example: 'mdl_01m8323e5rfx29jx2x6jecg112',
  })
  previousModelId: string | null;

  @ApiProperty({ type: 'integer', description: 'Counts its changes', example: 3 })
  revision: number;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T02:00:00.000Z' })
  updatedAt: string;
}

@ApiSchema({ name: 'ModelAliasList' })
export class ModelAliasListDto {
  @ApiProperty({ type: [ModelAliasDto] })
  data: ModelAliasDto[];
}

/** The public form of a pointer. */
export function toModelAliasDto(alias: ModelAlias): ModelAliasDto {
  return {
    object: 'model_alias',
    analyzer: alias.slug,
    alias: alias.alias,
    modelId: publicId('model', alias.modelId),
    percent: alias.percent,
    previousModelId: alias.previousModelId && publicId('model', alias.previousModelId),
    revision: alias.revision,
    updatedAt: alias.updatedAt.toISOString(),
  };
}
