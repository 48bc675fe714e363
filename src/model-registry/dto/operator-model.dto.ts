import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { publicId } from '../../common/ids.js';
import { PageOf } from '../../http/page.js';
import type { OperatedModel } from '../operators/operator-models.repository.js';
import { PLATFORM_OWNER } from '../stored-model.js';
import { toModelDto } from '../to-model-dto.js';
import { ModelDto } from './model.dto.js';

@ApiSchema({ name: 'OperatorModel', description: 'A model with its owner, its users and its memory' })
export class OperatorModelDto extends ModelDto {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Owner; null: of the operators',
    example: 'ten_01m8323e5rfaqba79afy7192zq',
  })
  tenantId: string | null;

  @ApiProperty({ type: [String], description: 'Who may use it', example: ['ten_01m8323e5rfaqba79afy7192zq'] })
  tenants: string[];

  @ApiProperty({
    type: [String],
    description: 'Whose analyzer points at it',
    example: ['ten_01m8323e5rfaqba79afy7192zq'],
  })
  servedTo: string[];

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer', nullable: true },
    description: 'Most memory of an engine with it, bytes, by class of devices',
    example: { 'onnx/cpu/CPU': 98566144 },
  })
  memoryBytes: Readonly<Record<string, number | null>>;
}

export const OperatorModelPageDto = PageOf(OperatorModelDto, 'OperatorModelPage');

@ApiSchema({ name: 'ChangeModel', description: 'What an operator changes of a model' })
export class ChangeModelDto {
  @ApiProperty({
    type: 'integer',
    required: false,
    minimum: 1,
    maximum: 1024,
    description: 'Most rows of one inference batch; a worker takes it over when it loads the model the next time',
    example: 16,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1024)
  maxBatch?: number;

  @ApiProperty({
    type: [String],
    required: false,
    maxItems: 10_000,
    description: 'Exactly these tenants may use a model of the operators',
    example: ['ten_01m8323e5rfaqba79afy7192zq'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10_000)
  @IsString({ each: true })
  tenants?: string[];
}

/** A model as operators see it. */
export function toOperatorModelDto(model: OperatedModel): OperatorModelDto {
  return {
    ...toModelDto(model),
    tenantId: model.tenantId === PLATFORM_OWNER ? null : publicId('tenant', model.tenantId),
    tenants: model.tenants.map((id) => publicId('tenant', id)),
    servedTo: model.servedTo.map((id) => publicId('tenant', id)),
    memoryBytes: Object.fromEntries(
      Object.entries(model.profile).map(([name, { memoryBytes }]) => [name, memoryBytes]),
    ),
  };
}
