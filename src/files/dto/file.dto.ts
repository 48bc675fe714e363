import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { publicId } from '../../common/ids.js';
import { PageOf } from '../../http/page.js';
import type { StoredFile } from '../stored-file.js';

/** A stored file. */
@ApiSchema({ name: 'File' })
export class FileDto {
  @ApiProperty({ example: 'file_01m8323f50ecdtnmz19wr9rz7h' })
  id: string;

  @ApiProperty({ enum: ['file'], example: 'file' })
  object: 'file';

  @ApiProperty({ enum: ['pending', 'ready', 'rejected', 'expired'], example: 'ready' })
  status: string;

  @ApiProperty({
    enum: ['job_input', 'job_output', 'batch_input', 'batch_output', 'model', 'brand_asset'],
    example: 'job_input',
  })
  purpose: string;

  @ApiProperty({ description: 'As the client called it', example: 'p-001.png' })
  name: string;

  @ApiProperty({ description: 'Decided by the content', example: 'image/png' })
  mimeType: string;

  @ApiProperty({ type: 'integer', example: 482113 })
  bytes: number;

  @ApiProperty({ description: 'Hex', example: '9f2c6a1f0f3a7b1c5d2e8f4a6b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c' })
  sha256: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Pixels; null unless it is a picture', example: 1024 })
  width: number | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 768 })
  height: number | null;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T02:00:00.000Z' })
  createdAt: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: null })
  expiresAt: string | null;
}

/** One page of files. */
export const FilePageDto = PageOf(FileDto, 'FilePage');

/** The public form of a stored file. */
export function toFileDto(file: StoredFile): FileDto {
  return {
    id: publicId('file', file.id),
    object: 'file',
    status: file.status,
    purpose: file.purpose,
    name: file.name,
    mimeType: file.mimeType,
    bytes: file.bytes,
    sha256: file.sha256,
    width: file.width,
    height: file.height,
    createdAt: file.createdAt.toISOString(),
    expiresAt: file.expiresAt?.toISOString() ?? null,
  };
}
