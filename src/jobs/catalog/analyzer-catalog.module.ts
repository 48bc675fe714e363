import { Module } from '@nestjs/common';
import { AnalyzersModule } from '../../analyzers/analyzers.module.js';
import { InferenceConfig, StorageConfig } from '../../config/config.js';
import { ModelStore } from '../../inference/models/model-catalog.js';
import { ShippedModels } from '../../inference/models/shipped-models.js';
import { UsageModule } from '../../usage/usage.module.js';
import { RecentTimesModule } from '../recent/recent-times.module.js';
import { AnalyzerCatalog } from './analyzer-catalog.js';
import { TenantAnalyzers } from './tenant-analyzers.js';

/** The analyzers as tenants see them. Reads the manifests of the models; never loads one. */
@Module({
  imports: [AnalyzersModule, RecentTimesModule, UsageModule],
  providers: [
    TenantAnalyzers,
    AnalyzerCatalog,
    {
      provide: ModelStore,
      inject: [StorageConfig, InferenceConfig],
      useFactory: (storage: StorageConfig, inference: InferenceConfig) =>
        new ShippedModels(storage.modelsDir, inference.shippedRuntimes),
    },
  ],
  exports: [TenantAnalyzers, AnalyzerCatalog, AnalyzersModule, ModelStore],
})
export class AnalyzerCatalogModule {}
