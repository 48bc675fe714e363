import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { PageOf } from '../../http/page.js';

@ApiSchema({ name: 'ModelTensor', description: 'An input or output of a model' })
export class ModelTensorDto {
  @ApiProperty({ example: 'x' })
  name: string;

  @ApiProperty({ example: 'float32' })
  type: string;

  @ApiProperty({
    type: 'array',
    items: { oneOf: [{ type: 'integer' }, { type: 'string' }] },
    description: 'The first axis is the batch: `n` when it is free',
    example: ['n', 3, 224, 224],
  })
  shape: (number | string)[];
}

@ApiSchema({ name: 'AdmissionCheck', description: 'One check of an admission' })
export class AdmissionCheckDto {
  @ApiProperty({ example: 'operators' })
  name: string;

  @ApiProperty({ example: true })
  passed: boolean;

  @ApiProperty({ description: 'What was found and where', example: '26 nodes of 5 kinds, 19093 weights' })
  message: string;

  @ApiProperty({ type: 'integer', description: 'How long it took', example: 15 })
  ms: number;
}

@ApiSchema({ name: 'Admission', description: 'What decided whether the model may serve; grows while it is admitting' })
export class AdmissionDto {
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'Null until all checks have ended',
    example: '2026-11-23T02:00:04.000Z',
  })
  checkedAt: string | null;

  @ApiProperty({ type: [AdmissionCheckDto] })
  checks: AdmissionCheckDto[];
}

@ApiSchema({ name: 'Model', description: 'One immutable version of a model' })
export class ModelDto {
  @ApiProperty({ example: 'mdl_01m8323e5rf42rbk4qyzd4e5r5' })
  id: string;

  @ApiProperty({ enum: ['model'], example: 'model' })
  object: 'model';

  @ApiProperty({ description: 'Slug of the analyzer that it can serve', example: 'leaf-disease' })
  name: string;

  @ApiProperty({ example: '2' })
  version: string;

  @ApiProperty({
    description: 'SHA-256 over names and digests of its files',
    example: 'sha256:9f2c6a1f0f3a7b1c5d2e8f4a6b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c',
  })
  digest: string;

  @ApiProperty({ enum: ['onnx', 'tensorflow', 'remote'], example: 'onnx' })
  runtime: string;

  @ApiProperty({ enum: ['admitting', 'ready', 'rejected', 'retired'], example: 'ready' })
  status: string;

  @ApiProperty({
    enum: ['tenant', 'shared'],
    description: '`shared`: of the operators of this installation',
    example: 'tenant',
  })
  visibility: string;

  @ApiProperty({ type: [ModelTensorDto], description: 'Empty until the file was read' })
  inputs: ModelTensorDto[];

  @ApiProperty({ type: [ModelTensorDto] })
  outputs: ModelTensorDto[];

  @ApiProperty({ type: 'integer', description: 'Most rows of one inference batch', example: 32 })
  maxBatch: number;

  @ApiProperty({ type: AdmissionDto })
  admission: AdmissionDto;

  @ApiProperty({ type: 'integer', description: 'Of all its files', example: 24117248 })
  bytes: number;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'Null: it came with this installation',
    example: '2026-11-23T02:00:00.000Z',
  })
  createdAt: string | null;
}

export const ModelPageDto = PageOf(ModelDto, 'ModelPage');
