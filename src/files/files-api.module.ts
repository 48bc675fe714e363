import { Module } from '@nestjs/common';
import { FileDelivery } from './file-delivery.js';
import { FilesController } from './files.controller.js';
import { FilesModule } from './files.module.js';
import { UploadReader } from './upload-reader.js';

/** HTTP of files. */
@Module({ imports: [FilesModule], controllers: [FilesController], providers: [FileDelivery, UploadReader] })
export class FilesApiModule {}
