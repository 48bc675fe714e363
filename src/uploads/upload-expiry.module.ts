import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module.js';
import { UploadExpiry } from './upload-expiry.js';
import { UploadParts } from './upload-parts.js';

/** What the worker does about uploads. */
@Module({ imports: [FilesModule], providers: [UploadExpiry, UploadParts], exports: [UploadExpiry] })
export class UploadExpiryModule {}
