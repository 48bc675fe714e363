import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { publicId } from '../../common/ids.js';
import { PURPOSES, UPLOAD_LIMITS, type Upload, type UploadPurpose } from '../upload.js';

@ApiSchema({ name: 'CreateUpload', description: 'What is going to be uploaded in parts' })
export class CreateUploadDto {
  @ApiProperty({ enum: PURPOSES, example: 'model' })
  @IsIn(PURPOSES)
  purpose: UploadPurpose;

  @ApiProperty({ minLength: 1, maxLength: 255, example: 'model.onnx' })
  @IsString()
  @Length(1, 255)
  name: string;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: UPLOAD_LIMITS.model,
    description: 'Of the whole content; for `job_input` at most 104857600',
    example: 24117248,
  })
  @IsInt()
  @Min(1)
  @Max(UPLOAD_LIMITS.model)
  bytes: number;

  @ApiProperty({
    type: 'string',
    required: false,
    nullable: true,
    pattern: '^[0-9a-f]{64}$',
    description: 'Hex; the content is compared with it when the upload is completed',
    example: '9f2c6a1f0f3a7b1c5d2e8f4a6b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c',
  })
  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/)
  sha256?: string | null;
}

@ApiSchema({ name: 'Upload', description: 'A file that arrives in parts' })
export class UploadDto {
  @ApiProperty({ description: 'Becomes the id of the file', example: 'file_01m8323f50ecdtnmz19wr9rz7h' })
  id: string;

  @ApiProperty({ enum: ['upload'], example: 'upload' })
  object: 'upload';

  @ApiProperty({ enum: ['receiving', 'complete'], example: 'receiving' })
  status: string;

  @ApiProperty({ enum: PURPOSES, example: 'model' })
  purpose: string;

  @ApiProperty({ example: 'model.onnx' })
  name: string;

  @ApiProperty({ type: 'integer', example: 24117248 })
  bytes: number;

  @ApiProperty({ type: 'integer', description: 'Go on from here', example: 8388608 })
  receivedBytes: number;

  @ApiProperty({
    description: 'Where to PUT the parts; it needs no other credential, so keep it to yourself',
    example: '/v1/uploads/file_01m8323f50ecdtnmz19wr9rz7h?tenant=ten_01m8323e5rfaqba79afy7192zq&signature=m5Zs',
  })
  uploadUrl: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T02:00:00.000Z' })
  createdAt: string;

  @ApiProperty({ format: 'date-time', description: 'To be complete by then', example: '2026-11-24T02:00:00.000Z' })
  expiresAt: string;
}

/** The public form of an upload. */
export function toUploadDto(upload: Upload, receivedBytes: number, uploadUrl: string): UploadDto {
  return {
    id: publicId('file', upload.id),
    object: 'upload',
    status: upload.completedAt ? 'complete' : 'receiving',
    purpose: upload.purpose,
    name: upload.name,
    bytes: upload.bytes,
    receivedBytes,
    uploadUrl,
    createdAt: upload.createdAt.toISOString(),
    expiresAt: upload.expiresAt.toISOString(),
  };
}
