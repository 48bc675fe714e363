import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** What the server speaks. */
@ApiSchema({ name: 'OpenInferenceServer' })
export class OpenServerDto {
  @ApiProperty({ example: 'maru' })
  name: string;

  @ApiProperty({ description: 'Version of the protocol', example: '2' })
  version: string;

  @ApiProperty({ type: [String], description: 'Extensions of the protocol', example: ['binary_tensor_data'] })
  extensions: string[];
}

/** Answer of a health probe of the protocol. */
@ApiSchema({ name: 'OpenInferenceHealth' })
export class OpenHealthDto {
  @ApiProperty({ example: true })
  ready: boolean;
}

/** An input or output of a model. */
@ApiSchema({ name: 'OpenInferenceTensor' })
export class OpenTensorDto {
  @ApiProperty({ example: 'x' })
  name: string;

  @ApiProperty({ enum: ['FP32', 'FP64', 'UINT8', 'INT8', 'INT32', 'INT64', 'BOOL'], example: 'UINT8' })
  datatype: string;

  @ApiProperty({
    type: [Number],
    description: '-1 = any size; the first axis are the rows',
    example: [-1, 128, 128, 1],
  })
  shape: number[];
}

/** A model as the protocol describes it. */
@ApiSchema({ name: 'OpenInferenceModel' })
export class OpenModelDto {
  @ApiProperty({ example: 'surface-net' })
  name: string;

  @ApiProperty({ type: [String], example: ['1.0.0'] })
  versions: string[];

  @ApiProperty({ description: 'Runtime that serves it', example: 'onnx' })
  platform: string;

  @ApiProperty({ type: [OpenTensorDto] })
  inputs: OpenTensorDto[];

  @ApiProperty({ type: [OpenTensorDto] })
  outputs: OpenTensorDto[];
}
