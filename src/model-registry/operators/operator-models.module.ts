import { Module } from '@nestjs/common';
import { AnalyzersModule } from '../../analyzers/analyzers.module.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { FilesModule } from '../../files/files.module.js';
import { ModelFiles } from '../model-files.js';
import { ModelsRepository } from '../models.repository.js';
import { Models } from '../models.service.js';
import { FileReceiver } from '../receiving/file-receiver.js';
import { LocalModelReader } from '../receiving/local-model-reader.js';
import { OperatorModels } from './operator-models.js';
import { OperatorModelsRepository } from './operator-models.repository.js';

/** Models of all tenants and those of the operators, without HTTP. */
@Module({
  imports: [AnalyzersModule, FilesModule],
  providers: [
    AuditTrail,
    FileReceiver,
    LocalModelReader,
    ModelFiles,
    Models,
    ModelsRepository,
    OperatorModels,
    OperatorModelsRepository,
  ],
  exports: [FileReceiver, LocalModelReader, ModelFiles, Models, ModelsRepository, OperatorModels],
})
export class OperatorModelsModule {}
