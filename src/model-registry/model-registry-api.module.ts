import { Module } from '@nestjs/common';
import { AnalyzersModule } from '../analyzers/analyzers.module.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { InferenceConfig, StorageConfig } from '../config/config.js';
import { FilesModule } from '../files/files.module.js';
import { ModelStore } from '../inference/models/model-catalog.js';
import { ShippedModels } from '../inference/models/shipped-models.js';
import { AliasesController } from './aliases/aliases.controller.js';
import { AliasesRepository } from './aliases/aliases.repository.js';
import { ModelAliases } from './aliases/model-aliases.service.js';
import { ModelList } from './model-list.js';
import { ModelsController } from './models.controller.js';
import { OperatorModelsController } from './operators/operator-models.controller.js';
import { OperatorModelsModule } from './operators/operator-models.module.js';
import { ModelRequestReader } from './receiving/model-request-reader.js';
import { StoredModelSources } from './receiving/stored-model-sources.js';

/** The API's half of the model registry: uploads, what became of them, and which of them serve. */
@Module({
  imports: [AnalyzersModule, FilesModule, OperatorModelsModule],
  controllers: [ModelsController, AliasesController, OperatorModelsController],
  providers: [
    AliasesRepository,
    AuditTrail,
    ModelAliases,
    ModelList,
    ModelRequestReader,
    StoredModelSources,
    {
      provide: ModelStore,
      inject: [StorageConfig, InferenceConfig],
      useFactory: (storage: StorageConfig, { shippedRuntimes }: InferenceConfig) =>
        new ShippedModels(storage.modelsDir, shippedRuntimes),
    },
  ],
})
export class ModelRegistryApiModule {}
