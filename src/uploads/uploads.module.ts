import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module.js';
import { UploadParts } from './upload-parts.js';
import { UploadSignature } from './upload-signature.js';
import { UploadsController } from './uploads.controller.js';
import { UploadsRepository } from './uploads.repository.js';
import { Uploads } from './uploads.service.js';

/** Uploads in parts. */
@Module({
  imports: [FilesModule],
  controllers: [UploadsController],
  providers: [UploadParts, UploadSignature, Uploads, UploadsRepository],
})
export class UploadsModule {}
