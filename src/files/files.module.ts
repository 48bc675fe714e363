import { Module } from '@nestjs/common';
import { DirectoryFileStore } from './directory-file-store.js';
import { DiskGuard } from './disk-guard.js';
import { FileStore } from './file-store.js';
import { FilesRepository } from './files.repository.js';
import { FilesService } from './files.service.js';
import { StoredFiles } from './stored-files.js';

/** Files without HTTP: for workers, and for rooms that keep files. */
@Module({
  providers: [
    { provide: FileStore, useClass: DirectoryFileStore },
    DiskGuard,
    FilesRepository,
    FilesService,
    StoredFiles,
  ],
  exports: [DiskGuard, FilesService, StoredFiles, FileStore],
})
export class FilesModule {}
